class Provider:
    mimetype = "application/json"

    def response(self, data):
        return self._app.response_class(data, mimetype="application/json")
