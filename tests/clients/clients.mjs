// One client a run: node --input-type=module - NAME ADDRESS [QUERY] < clients.mjs
// What it found comes as a number on standard output.
const [name, address, query] = process.argv.slice(2);

// Each asks as it does by default; an answer that is none ends the run.
async function body(accept) {
  const answer = await fetch(address, {headers: {accept}});
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return [await answer.text(), answer.headers.get('content-type')];
}

const clients = {
  async comunica() {
    const {QueryEngine} = await import('@comunica/query-sparql-link-traversal');
    const found = await new QueryEngine().queryBindings(query, {sources: [address]});
    return (await found.toArray()).length;
  },
  async jsonld() {
    const {default: jsonld} = await import('jsonld');
    return (await jsonld.expand(address)).length;
  },
  async n3() {
    const {Parser} = await import('n3');
    const [text] = await body('text/turtle;q=1.0,application/trig;q=0.9,text/n3;q=0.4');
    return new Parser({baseIRI: address}).parse(text).length;
  },
  async rdfxml() {
    const {RdfXmlParser} = await import('rdfxml-streaming-parser');
    const [text] = await body('application/rdf+xml');
    const parser = new RdfXmlParser({baseIRI: address, strict: true});
    let count = 0;
    parser.on('data', () => count++);
    const done = new Promise((resolve, reject) => parser.on('end', resolve).on('error', reject));
    parser.end(text);
    await done;
    return count;
  },
};

console.log(await clients[name]());
process.exit(0);
