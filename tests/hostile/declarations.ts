/**
 * Ways to have something installed that no registry has, or to have a program of the answer run while it is installed.
 */

const pyproject = (text: string): Record<string, string> => ({ 'pyproject.toml': text });
const lines = (text: string): Record<string, string> => ({ 'requirements.txt': `six==1.16.0\n${text}\n` });
const manifest = (json: object): Record<string, string> => ({ 'package.json': JSON.stringify(json) });
const needs = (specifier: string): Record<string, string> => manifest({ devDependencies: { core: specifier } });

/** A declaration that must be refused by name, before any resolver is started. */
export interface Declaration {
  /** What it asks for, as the end of the sentence "An answer that asks for …". */
  name: string;
  files: Record<string, string>;
}

const wheel = 'evil-1.0-py3-none-any.whl';

export const pythonDeclarations: readonly Declaration[] = [
  { name: 'a wheel beside the manifest', files: lines(wheel) },
  { name: 'a wheel in a folder', files: lines(`libs/${wheel}`) },
  { name: 'a wheel in a folder, with extras', files: lines(`libs/${wheel}[all]`) },
  { name: 'an archive beside the manifest', files: lines('evil-1.0.tar.gz') },
  { name: 'a folder', files: lines('./evil') },
  { name: 'a folder above', files: lines('../evil') },
  { name: 'a folder by its absolute path', files: lines('/tmp/evil') },
  { name: 'a folder by an absolute path behind a name', files: lines('evil @ /tmp/evil') },
  { name: 'a path with a variable in it', files: lines(`evil @ \${HOME}/${wheel}`) },
  { name: 'a path that is all variable', files: lines('${EVIL}') },
  { name: 'a file by URL', files: lines(`file:///tmp/${wheel}`) },
  { name: 'a file by URL without slashes', files: lines(`file:${wheel}`) },
  { name: 'a file by URL behind a name', files: lines(`evil @ file:${wheel}`) },
  { name: 'a URL', files: lines(`https://127.0.0.1:8765/${wheel}`) },
  { name: 'a URL without slashes', files: lines(`http:127.0.0.1:8765/${wheel}`) },
  { name: 'a URL without slashes, of another scheme', files: lines(`https:127.0.0.1:8765/${wheel}`) },
  { name: 'a URL in capitals', files: lines(`HTTP:127.0.0.1:8765/${wheel}`) },
  { name: 'a URL behind a name', files: lines(`evil@http:127.0.0.1:8765/${wheel}`) },
  { name: 'a URL behind a name and extras', files: lines(`evil[a,b] @ http://127.0.0.1:8765/${wheel}`) },
  { name: 'a URL behind a continued line', files: lines(`evil \\\n  @ http:127.0.0.1:8765/${wheel}`) },
  { name: 'a URL after a line that ends like no other', files: lines(`pytest\u2028http:127.0.0.1:8765/${wheel}`) },
  { name: 'a URL after a mark of byte order', files: { 'requirements.txt': `\uFEFFhttp:127.0.0.1:8765/${wheel}\n` } },
  { name: 'a repository', files: lines('git+https://127.0.0.1/u/r.git') },
  { name: 'a repository behind a name', files: lines('evil @ git+file:///tmp/r') },
  { name: 'a repository with -e', files: lines('-e git+https://127.0.0.1/u/r.git#egg=evil') },
  { name: 'a folder with -e glued to it', files: lines('-e../evil') },
  { name: 'a folder with a shortened --editable', files: lines('--edit ../evil') },
  { name: 'requirements by URL', files: lines('-r http://127.0.0.1:8765/more.txt') },
  { name: 'constraints by URL', files: lines('--constraint=http:127.0.0.1:8765/more.txt') },
  { name: 'an index', files: lines('--index-url http://127.0.0.1:8765/simple') },
  { name: 'an index with a shortened option', files: lines('--ind http://127.0.0.1:8765/simple') },
  { name: 'an index by its old name', files: lines('--pypi-url=http://127.0.0.1:8765/simple') },
  { name: 'an index with -i glued to it', files: lines('-ihttp://127.0.0.1:8765/simple') },
  { name: 'one more index with a shortened option', files: lines('--extra "http://127.0.0.1:8765/simple"') },
  { name: 'one more index behind another option', files: lines('--pre --extra-index-url http://127.0.0.1:8765') },
  { name: 'an index behind a requirement', files: lines('pytest --index-url http://127.0.0.1:8765/simple') },
  { name: 'a folder of wheels', files: lines('-f wheels') },
  { name: 'a folder of wheels with a shortened option', files: lines('--find=wheels') },
  { name: 'no index', files: lines('--no-index') },
  {
    name: 'a URL in an included file',
    files: { ...lines('-r more/deep.in'), 'more/deep.in': `evil@file:${wheel}\n` },
  },
  { name: 'a URL in constraints', files: { ...lines('-cbounds.txt'), 'bounds.txt': 'six @ http:127.0.0.1:8765/x' } },
  { name: 'a URL in dependencies', files: pyproject(`[project]\ndependencies = ["evil@http:127.0.0.1:8765/x.whl"]\n`) },
  {
    name: 'a URL after a line break within a requirement',
    files: pyproject(`[project]\ndependencies = ["six\\nhttp:127.0.0.1:8765/x.whl"]\n`),
  },
  { name: 'a path in an extra', files: pyproject('[project.optional-dependencies]\nx = ["evil @ file:libs/x.whl"]\n') },
  { name: 'a path in a dependency group', files: pyproject('[dependency-groups]\nx = ["libs/x.whl"]\n') },
  { name: 'a repository in [tool.uv.sources]', files: pyproject('[tool.uv.sources]\nevil = { git = "file:///r" }\n') },
  { name: 'one of several sources', files: pyproject('[tool.uv.sources]\nevil = [{ url = "http://127.0.0.1/x" }]\n') },
  { name: 'a member of a workspace', files: pyproject('[tool.uv.sources]\nevil = { workspace = true }\n') },
  { name: 'a folder of wheels in [tool.uv]', files: pyproject('[tool.uv]\nfind-links = ["wheels"]\n') },
  { name: 'an index in [tool.uv.pip]', files: pyproject('[tool.uv.pip]\nindex-url = "http://127.0.0.1:8765"\n') },
  { name: 'an override by URL', files: pyproject('[tool.uv]\noverride-dependencies = ["six @ file:x.whl"]\n') },
  { name: 'a path in Poetry', files: pyproject('[tool.poetry.dependencies]\nevil = { path = "libs/evil" }\n') },
  {
    name: 'a repository in one of several rows',
    files: pyproject('[tool.poetry.dependencies]\nevil = [{ git = "x" }]\n'),
  },
  { name: 'a path in PDM', files: pyproject('[tool.pdm.dev-dependencies]\nx = ["-e file:///${PROJECT_ROOT}/x"]\n') },
  { name: 'a folder of wheels in PDM', files: pyproject('[[tool.pdm.source]]\ntype = "find_links"\nurl = "wheels"\n') },
  { name: 'a build backend by URL', files: pyproject('[build-system]\nrequires = ["evil @ file:x.whl"]\n') },
  {
    name: 'a path in setup.cfg',
    files: { 'setup.cfg': '[options]\ninstall_requires =\n    evil @ file:libs/x.whl\n' },
  },
  { name: 'dependency links', files: { 'setup.cfg': '[options]\ndependency_links =\n    http://127.0.0.1:8765/\n' } },
  { name: 'a path in setup.py', files: { 'setup.py': 'setup(install_requires=["evil @ file:libs/x.whl"])\n' } },
  { name: 'a path in a Pipfile', files: { Pipfile: '[packages]\nevil = { file = "libs/x.whl" }\n' } },
  {
    name: 'a repository in a further category of a Pipfile',
    files: { Pipfile: '[docs]\nevil = { hg = "http://x" }\n' },
  },
  { name: 'a wheel in tox.ini', files: { 'tox.ini': '[testenv]\ndeps =\n    {toxinidir}/libs/x.whl\n' } },
  { name: 'a wheel in a script', files: { 'a.py': '# /// script\n# dependencies = ["libs/x.whl"]\n# ///\n' } },
  {
    name: 'an index in a conda environment',
    files: { 'environment.yml': 'dependencies:\n- pip:\n  - --extra http://x\n' },
  },
];

export const npmDeclarations: readonly Declaration[] = [
  { name: 'a path that begins like a version', files: needs('1/../.') },
  { name: 'a path that begins like a range', files: needs('^1/../../cache') },
  { name: 'a path that begins like a range of patches', files: needs('~1/../..') },
  { name: 'a path', files: needs('./core') },
  { name: 'a path above', files: needs('..') },
  { name: 'an absolute path', files: needs('/tmp/core') },
  { name: 'a path from home', files: needs('~/core') },
  { name: 'a folder of many', files: needs('a/b/c') },
  { name: 'an archive', files: needs('core.tgz') },
  { name: 'a file', files: needs('file:core.tgz') },
  { name: 'a file in capitals', files: needs('FILE:../core') },
  { name: 'a link', files: needs('link:../core') },
  { name: 'a portal', files: needs('portal:../core') },
  { name: 'a package of a workspace', files: needs('workspace:*') },
  { name: 'a shorthand that begins with a digit', files: needs('0someone/core') },
  { name: 'a shorthand', files: needs('someone/core#semver:^1') },
  { name: 'a shorthand with its host', files: needs('gist:0123456789') },
  { name: 'an address of scp', files: needs('git@127.0.0.1:u/r.git') },
  { name: 'an address of scp with another user', files: needs('me@127.0.0.1:~/r') },
  { name: 'a repository', files: needs('git+ssh://git@127.0.0.1/u/r.git') },
  { name: 'a repository on disk', files: needs('git+file:///tmp/r') },
  { name: 'a repository in capitals', files: needs('GIT+HTTPS://127.0.0.1/u/r.git') },
  { name: 'a URL', files: needs('http://127.0.0.1:8765/core.tgz') },
  { name: 'a URL without slashes', files: needs('http:127.0.0.1:8765/core.tgz') },
  { name: 'an alias of an address', files: needs('npm:core@git@127.0.0.1:u/r.git') },
  { name: 'an alias of a path', files: needs('npm:../core') },
  { name: 'another registry', files: needs('jsr:@someone/core@1') },
  { name: 'a patch', files: needs('patch:core@1#./x.patch') },
  { name: 'a package whose name is a path', files: manifest({ dependencies: { '../core': '1' } }) },
  { name: 'something that is no text', files: manifest({ dependencies: { core: { path: '..' } } }) },
  { name: 'an optional package by path', files: manifest({ optionalDependencies: { core: '1/../.' } }) },
  { name: 'a peer by path', files: manifest({ peerDependencies: { core: 'file:x' } }) },
  {
    name: 'a peer by path that users may leave out',
    files: manifest({ peerDependencies: { core: 'file:x' }, peerDependenciesMeta: { core: { optional: true } } }),
  },
  { name: 'an override by path', files: manifest({ overrides: { core: '1/../.' } }) },
  { name: 'a nested override by path', files: manifest({ overrides: { core: { '.': '1', sub: 'file:x' } } }) },
  { name: 'an override of an address', files: manifest({ overrides: { 'core@git@127.0.0.1:u/r.git': '1' } }) },
  { name: "a resolution of yarn's by URL", files: manifest({ resolutions: { 'a/b': 'http://127.0.0.1/x.tgz' } }) },
  { name: "an override of pnpm's by path", files: manifest({ pnpm: { overrides: { 'a>b': 'link:../b' } } }) },
];
