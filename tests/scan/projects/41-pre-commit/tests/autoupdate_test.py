def test_revision():
    info = RevInfo.from_config({'repo': 'repo/path', 'rev': 'v1.2.3'})
    assert info == RevInfo('repo/path', 'v1.2.3', None)


def test_checkout(run):
    run('git', 'checkout', 'origin/master', '-b', 'foo')
