/** A check of a scenario's own that looks for a word, as a program to begin with. */
export const checkProgram = `"""Finds notes of unfinished work in the files of the answer; write here what yours looks for."""
import json
import pathlib

findings = []
for path in sorted(pathlib.Path(".").rglob("*")):
    if not path.is_file():
        continue
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        if "TODO" in line:
            findings.append({"rule": "todo", "message": "finish this", "file": str(path), "line": number})

print(json.dumps({"passed": not findings, "facts": {"todos": len(findings)}, "findings": findings}))
`;

/** The lines of \`scenario.yaml\` that ask for it. */
export const checkLines = (id: string): string => `checks:
  commands:
    - id: ${id}
      command: [python3, /check/${id}.py]
      reads: json
      files: [${id}.py]
`;

/** A reporter with a line for each answer. */
export const reporterProgram = `/** Nothing that hostile code wrote reaches a terminal as it is. */
const harmless = (text) => text.toWellFormed().replaceAll(/[\\p{Cc}\\p{Cf}]+/gu, ' ');

export default {
  /** Renders results, the content of results.json. \`run\` reads answers, \`catalog\` tells facts of checks in words. */
  async render(results, run, catalog) {
    const lines = results.grades.map(
      ({ cell, verdict, reasons }) => \`\${verdict} \${cell.scenario} #\${cell.repeat} \${harmless(reasons[0] ?? '')}\`.trimEnd(),
    );
    return { text: [...lines, ''].join('\\n') };
  },
};
`;
