import { randomBytes } from 'node:crypto';
import { stringify } from 'yaml';
import { UsageError } from '../../domain/usage-error.ts';

/** How a program of each language is mostly started; the author says how it is here. */
const starts: Readonly<Record<string, (kind: 'http' | 'command', id: string) => unknown>> = {
  python: (kind, id) =>
    kind === 'http'
      ? { command: ['uvicorn', 'app.main:app', '--host', '0.0.0.0', '--port', '{{ port }}'] }
      : { command: ['python', '-m', id.replaceAll('-', '_')] },
  typescript: () => ({ command: ['npm', 'start'] }),
  javascript: () => ({ command: ['npm', 'start'] }),
  go: (_kind, id) => ({ package: `./cmd/${id.replaceAll('-', '')}` }),
  java: () => ({ command: ['java', '-jar', 'target/*.jar'] }),
};

/** What a new contract is made of. */
export interface NewContract {
  scenario: string;
  kind: 'http' | 'command';
  languages: readonly string[];
  /** Values of the scenario's variables: the first probe quotes one of them. */
  values: readonly string[];
}

/** The longest value's first words: a quote that stands in the request, to be replaced by one that a probe rests on. */
function quoteOf(values: readonly string[]): string {
  const [longest = ''] = values.toSorted((a, b) => b.length - a.length);
  return longest.split('\n')[0]?.slice(0, 60).trim() ?? '';
}

const http = {
  service: { port: { variable: 'PORT', default: 8080 }, ready: { path: '/healthz', status: 200, within: 30 } },
  starts: { normal: {} },
  endpoints: { health: 'GET /healthz' },
  steps: [{ request: { path: '/healthz' }, expect: { status: 200 } }],
};
const command = {
  endpoints: { help: 'the program with --help' },
  steps: [{ run: { args: ['--help'] }, expect: { exit: 0 } }],
};

/** The text of a `contract.yaml` with one probe, which fits the scenario as it stands. Throws `UsageError`. */
export function contractText({ scenario, kind, languages, values }: NewContract): string {
  const run = languages.flatMap((language) => {
    const start = starts[language];
    return start === undefined ? [] : [[language, start(kind, scenario)] as const];
  });
  if (run.length === 0)
    throw new UsageError(
      `scenario ${scenario}: expected a language whose programs can be started (${Object.keys(starts).join(', ')}), ` +
        `found ${languages.join(', ') || 'none'}.`,
    );
  const { endpoints, steps, ...service } = kind === 'http' ? http : command;
  const [endpoint = ''] = Object.keys(endpoints);
  const probe = {
    id: 'first',
    title: 'Say here what the program must do',
    level: 'must',
    quote: quoteOf(values),
    endpoint,
    catches: 'say here which wrong program this probe notices',
    steps,
  };
  return (
    '# What the request of this scenario says about the program, asked from outside. Nothing of it is sent to a model.\n' +
    stringify(
      {
        contract: 1,
        mark: `${scenario}-${randomBytes(8).toString('hex')}`,
        kind,
        run: Object.fromEntries(run),
        ...service,
        endpoints,
        probes: [probe],
      },
      { lineWidth: 0 },
    )
  );
}
