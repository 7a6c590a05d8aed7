/** The file that runs Cupel on GitLab; its runner must allow user namespaces, without which no sandbox starts. */
const pipeline = (
  suite: string,
  install: string,
): string => `# Runs what a merge request touches, on both sides, and every night the suite ${suite} where a schedule starts it.
# The runner must allow user namespaces (\`npx cupel doctor\` says whether it does): without them nothing is graded.
.cupel:
  image: node:24-bookworm
  cache:
    key: cupel
    paths: [.cupel/]
  variables:
    GIT_DEPTH: '0'
  before_script:
    - apt-get update && apt-get install --yes --no-install-recommends bubblewrap git
    - ${install}
  artifacts:
    when: always
    paths: [reports/runs/]
    reports:
      junit: reports/runs/*/junit.xml

cupel-merge-request:
  extends: .cupel
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - npx cupel pr --base "origin/$CI_MERGE_REQUEST_TARGET_BRANCH_NAME"

cupel-night:
  extends: .cupel
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
  script:
    - npx cupel night ${suite}
`;

/** The file for GitLab by its path below the repository's top; a project's own file includes it. */
export function gitlabFiles(suite: string, install: string): Record<string, string> {
  return { '.gitlab/cupel.yml': pipeline(suite, install) };
}
