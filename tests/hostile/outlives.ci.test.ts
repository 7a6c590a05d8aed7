/** Two answers one after the other: the first tries to change whatever outlives it, the second must not notice. */
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Grade } from '../../src/domain/grading/grade.ts';
import type { Job } from '../../src/ports/sandbox.ts';
import { diskLayers } from '../../src/store/state/layers.ts';
import type { DiskLayers } from '../../src/store/state/layers.ts';
import { contentSeal, sealSchema } from '../../src/store/state/seal.ts';
import { checkOf, conformanceServices, grade } from '../support/grading/grading.ts';
import type { Files } from '../support/grading/answers.ts';
import type { Language } from '../support/grading/projects.ts';
import { scripted } from '../support/grading/sandboxes.ts';
import { MARK } from './escapes.ts';

const slow = { timeout: 600_000 };

/** Folders that programs see, and that more than one of them uses. */
const places = [
  ...[
    '/env',
    '/env/venv/lib',
    '/env/mod',
    '/env/compiled',
    '/compiled',
    '/layer',
    '/cache',
    '/gocache',
    '/out',
    '/src',
  ],
  ...['/tools', '/toolchain', '/toolchain/node_modules', '/golang', '/golang/go/src', '/cupel', '/uv', '/builders'],
  ...['/registries', '/usr/lib', '/etc', '/w/node_modules', '/w/node_modules/is-odd', '/w/node_modules/jest'],
];

interface Pair {
  hostile: Files;
  /** Uses the same packages, and would fail with those that the first answer wants to have changed. */
  honest: Files;
  /** Standards for which the hostile answer is asked, so that its plugins run; the honest one has the first of them. */
  standards: [string, ...string[]];
  /** Names of the layers that are made for an answer's packages. */
  layers: string[];
}

const requirements = 'pytest>=8\nsix==1.16.0\n';
const pythonHarm = `import glob
import os

for place in ${JSON.stringify(places)} + glob.glob("/env/venv/lib/*/site-packages"):
    for name, text in (("${MARK}.pth", "import os\\n"), ("six.py", "POISONED = True\\n"), ("conftest.py", "raise SystemExit(0)\\n")):
        try:
            os.chmod(place, 0o777)
        except OSError:
            pass
        try:
            with open(os.path.join(place, name), "a") as file:
                file.write(text)
        except OSError:
            pass
`;

const manifest = JSON.stringify({
  scripts: { test: 'jest', build: 'node harm.js', preinstall: 'node harm.js', postinstall: 'node harm.js' },
  dependencies: { 'is-odd': '3.0.1' },
  devDependencies: { jest: '29.7.0' },
});
const nodeHarm = `const fs = require('node:fs');
const path = require('node:path');

for (const place of ${JSON.stringify(places)}) {
  for (const [name, text] of [['${MARK}', ''], ['index.js', 'module.exports = () => "poisoned";'], ['package.json', '{}']]) {
    try { fs.chmodSync(place, 0o777); } catch { /* refused */ }
    try { fs.appendFileSync(path.join(place, name), text); } catch { /* refused */ }
    try { fs.rmSync(path.join(place, name)); fs.symlinkSync('/etc/passwd', path.join(place, name)); } catch { /* refused */ }
  }
}
`;

const goManifest = 'module example.com/tiny\n\ngo 1.24\n\nrequire github.com/google/uuid v1.6.0\n';
const goHarm = `package tiny

import (
	"os"
	"path/filepath"

	"github.com/google/uuid"
)

// Nil is used, so that the module is.
var Nil = uuid.Nil

func init() {
	for _, place := range []string{${places.map((place) => JSON.stringify(place)).join(', ')}} {
		_ = os.Chmod(place, 0o777)
		_ = os.WriteFile(filepath.Join(place, "${MARK}"), nil, 0o644)
		_ = filepath.Walk(place, func(path string, _ os.FileInfo, _ error) error {
			if filepath.Base(path) == "uuid.go" || filepath.Ext(path) == "" {
				_ = os.WriteFile(path, []byte("poisoned"), 0o644)
			}
			return nil
		})
	}
}
`;

const pairs: Record<Language, Pair> = {
  python: {
    hostile: {
      'requirements.txt': requirements,
      'app.py': 'import six\n\nTHREE = six.PY3\n',
      'conftest.py': pythonHarm,
      'setup.py': pythonHarm,
      'plugin.py': pythonHarm,
      'mypy.ini': '[mypy]\nplugins = plugin.py\n',
      'test_app.py': `${pythonHarm}\n\ndef test_it():\n    assert True\n`,
    },
    honest: {
      'requirements.txt': requirements,
      'app.py': 'import six\n\nTHREE = six.PY3\n',
      'test_app.py':
        'import six\n\nfrom app import THREE\n\n\ndef test_three():\n    assert THREE and not hasattr(six, "POISONED")\n',
    },
    standards: ['ruff', 'mypy'],
    layers: ['python-env'],
  },
  typescript: {
    hostile: {
      'package.json': manifest,
      'harm.js': nodeHarm,
      'app.js': "module.exports = require('is-odd');\n",
      'jest.config.js': `${nodeHarm}\nmodule.exports = {};\n`,
      'eslint.config.js': `${nodeHarm}\nmodule.exports = [];\n`,
      'app.test.js': `${nodeHarm}\ntest('it', () => {\n  expect(1).toBe(1);\n});\n`,
    },
    honest: {
      'package.json': manifest.replace('"build":"node harm.js",', ''),
      'app.js': "module.exports = require('is-odd');\n",
      'app.test.js': "const odd = require('./app');\n\ntest('odd', () => {\n  expect(odd(3)).toBe(true);\n});\n",
    },
    standards: ['eslint'],
    layers: ['typescript-env'],
  },
  go: {
    hostile: {
      'go.mod': goManifest,
      'harm.go': goHarm,
      'app_test.go': 'package tiny\n\nimport "testing"\n\nfunc TestIt(t *testing.T) {}\n',
    },
    honest: {
      'go.mod': goManifest,
      'app.go':
        'package tiny\n\nimport "github.com/google/uuid"\n\n// Nil is nothing.\nfunc Nil() string { return uuid.Nil.String() }\n',
      'app_test.go':
        'package tiny\n\nimport "testing"\n\nfunc TestNil(t *testing.T) {\n\tif Nil() != "00000000-0000-0000-0000-000000000000" {\n\t\tt.Fatal(Nil())\n\t}\n}\n',
    },
    standards: ['vet'],
    layers: ['go-modules'],
  },
};

/** Layers of which those that are made for answers are new. */
async function freshLayers<T>(
  names: readonly string[],
  use: (layers: DiskLayers, state: string) => Promise<T>,
): Promise<T> {
  const state = mkdtempSync(join(tmpdir(), 'cupel-outlives-'));
  chmodSync(state, 0o755);
  const [known, fresh] = [diskLayers((await conformanceServices()).state.folder), diskLayers(state)];
  const layers: DiskLayers = {
    ...known,
    get: (name, key, build) => (names.includes(name) ? fresh : known).get(name, key, build),
    async verified(paths) {
      await known.verified(paths);
      await fresh.verified(paths);
    },
  };
  try {
    return await use(layers, state);
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

/** Layers of a state folder whose bytes are not those that were sealed. */
async function changedLayers(state: string): Promise<string[]> {
  const changed: string[] = [];
  for (const name of readdirSync(join(state, 'layers')).filter((entry) => !entry.startsWith('.'))) {
    const seal = sealSchema.parse(JSON.parse(readFileSync(join(state, 'seals', `${name}.json`), 'utf8')));
    if ((await contentSeal(join(state, 'layers', name))) !== seal.content) changed.push(name);
  }
  return changed;
}

describe.each(Object.entries(pairs) as [Language, Pair][])('%s: a hostile answer', (language, pair) => {
  const asking = (
    answer: Files,
    standards: string[],
    layers: DiskLayers,
    watch: (job: Job) => void = () => {},
  ): Promise<Grade> =>
    grade({
      answer,
      asks: { [language]: { standards } },
      sandbox: scripted((job) => {
        watch(job);
        return job;
      }),
      effects: () => ({ layers, resolution: () => null }),
    });

  test('changes nothing that the next one with the same packages is graded with', slow, async () => {
    const writable: string[] = [];
    await freshLayers(pair.layers, async (layers, state) => {
      const hostile = await asking(pair.hostile, pair.standards, layers, (job) => {
        writable.push(...job.mounts.filter((mount) => mount.writable === true).map(({ source }) => source));
      });
      expect(checkOf(hostile, `${language}/dependencies`).status).toBe('passed');
      expect(await changedLayers(state)).toEqual([]);
      const honest = await asking(pair.honest, [pair.standards[0]], layers);
      expect(honest.reasons).toEqual([]);
      expect(honest.verdict).toBe('pass');
      // Whatever a program may write ends with it, or is the layer that is just being made.
      const kept = writable.filter((path) => !path.startsWith(tmpdir()) || path.startsWith(state));
      expect(kept.filter((path) => !/\/layers\/\.making-/.test(path))).toEqual([]);
    });
  });
});

test('typescript: an install script may write below node_modules, and cannot replace it', slow, async () => {
  const rebuilds: Job[] = [];
  await freshLayers(['typescript-env'], (layers) =>
    grade({
      answer: { 'package.json': '{ "dependencies": { "core-js": "3.39.0" } }', 'app.js': 'module.exports = 1;\n' },
      asks: { typescript: {} },
      only: ['dependencies'],
      sandbox: scripted((job) => {
        if (job.command.includes('rebuild')) rebuilds.push(job);
        return job;
      }),
      effects: () => ({ layers }),
    }),
  );
  expect(rebuilds).toHaveLength(1);
  expect(rebuilds[0]?.network).toBe('none');
  expect(rebuilds[0]?.mounts.filter(({ writable }) => writable === true).map(({ target }) => target)).toEqual([
    '/layer/node_modules',
  ]);
});

test('python: no interpreter starts on what is installed, so that no .pth file of it runs', slow, async () => {
  const scripts: string[] = [];
  await freshLayers(['python-env'], (layers) =>
    grade({
      answer: pairs.python.honest,
      asks: { python: {} },
      only: ['dependencies'],
      sandbox: scripted((job) => {
        if (job.network === 'registries') scripts.push(job.command.join(' '));
        return job;
      }),
      effects: () => ({ layers, resolution: () => null }),
    }),
  );
  const install = scripts.find((script) => script.includes('pip install')) ?? '';
  expect(install.match(/pip install/g)).toHaveLength(1); // asked while nothing is there
  expect(install).not.toContain('--compile-bytecode');
  expect(install.slice(install.indexOf('pip install'))).toMatch(/python\S* -I -S -m compileall/);
  expect(install.slice(install.indexOf('pip install'))).not.toMatch(/^\S*venv\/bin\/python /m);
});
