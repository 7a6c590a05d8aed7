import { expect } from 'vitest';
import type { Files } from '../support/grading/answers.ts';
import { checked, rulesOf } from '../support/grading/grading.ts';
import { program } from '../support/grading/projects.ts';
import { withoutLoopback } from '../support/grading/sandboxes.ts';
import type { Language } from '../support/grading/projects.ts';
import { languageTests } from '../support/go.ts';

const slow = { timeout: 900_000 };

const calls: [Language, Files][] = [
  [
    'python',
    {
      'test_app.py':
        'from urllib.request import urlopen\n\n\ndef test_it():\n    urlopen("http://example.com/", timeout=3)\n',
    },
  ],
  [
    'typescript',
    {
      'app.test.js':
        "test('it', async () => {\n  await new Promise((resolve, reject) => {\n    require('node:http').get('http://example.com/', resolve).on('error', reject);\n  });\n});\n",
    },
  ],
  [
    'go',
    {
      'app_test.go':
        'package tiny\n\nimport (\n\t"net/http"\n\t"testing"\n)\n\nfunc TestIt(t *testing.T) {\n\tif _, err := http.Get("http://example.com/"); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n',
    },
  ],
];

const listens: [Language, Files][] = [
  [
    'python',
    {
      'test_app.py':
        'import socket\n\nfrom app import add\n\n\ndef test_it():\n    assert add(1, 2) == 3\n    server = socket.create_server(("127.0.0.1", 0))\n    socket.create_connection(server.getsockname()).close()\n',
    },
  ],
  [
    'typescript',
    {
      'app.test.js':
        "test('it', async () => {\n  const http = require('node:http');\n  const server = http.createServer((_, response) => response.end('ok'));\n  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });\n  const status = await new Promise((done) => { http.get({ port: server.address().port, host: '127.0.0.1' }, (got) => { got.resume(); done(got.statusCode); }); });\n  await new Promise((done) => { server.close(done); });\n  expect(status).toBe(200);\n  expect(require('./app').add(1, 2)).toBe(3);\n});\n",
    },
  ],
  [
    'go',
    {
      'app_test.go':
        'package tiny\n\nimport (\n\t"net/http"\n\t"net/http/httptest"\n\t"testing"\n)\n\nfunc TestIt(t *testing.T) {\n\tserver := httptest.NewServer(http.NotFoundHandler())\n\tdefer server.Close()\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("wrong sum")\n\t}\n\tif _, err := http.Get(server.URL); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n',
    },
  ],
];

languageTests(calls)(
  '%s: a test that wants the network fails, and it is said that this is why',
  slow,
  async (language, files) => {
    const tests = await checked(language, 'tests', { ...program[language], ...files });
    expect(tests.status).toBe('failed');
    expect(rulesOf(tests)).toEqual(['test-failed', 'needs-network']);
  },
);

languageTests(listens)('%s: a test that wants a port of its own machine gets one', slow, async (language, files) => {
  expect(await checked(language, 'tests', { ...program[language], ...files })).toMatchObject({ status: 'passed' });
});

/** Tests that want an address that no machine has: what they print where there is no loopback. */
const noAddress: [Language, Files][] = [
  ['python', { 'test_app.py': 'import socket\n\n\ndef test_it():\n    socket.create_server(("192.0.2.1", 0))\n' }],
  [
    'typescript',
    {
      'app.test.js':
        "test('it', async () => {\n  await new Promise((done, reject) => {\n    require('node:http').createServer().on('error', reject).listen(0, '192.0.2.1', done);\n  });\n});\n",
    },
  ],
  [
    'go',
    {
      'app_test.go':
        'package tiny\n\nimport (\n\t"net"\n\t"testing"\n)\n\nfunc TestIt(t *testing.T) {\n\tif _, err := net.Listen("tcp", "192.0.2.1:0"); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n',
    },
  ],
];

languageTests(noAddress)(
  '%s: a test that gets no port is not measurable where the sandbox has no loopback, and fails where it has one',
  slow,
  async (language, files) => {
    const answer = { ...program[language], ...files };
    expect(await checked(language, 'tests', answer, { sandbox: withoutLoopback })).toMatchObject({
      status: 'errored',
      score: null,
      reason: expect.stringContaining('not measurable here') as unknown,
    });
    expect((await checked(language, 'tests', answer)).status).toBe('failed');
  },
);
