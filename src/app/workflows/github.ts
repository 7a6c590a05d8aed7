/**
 * The files that run Cupel on GitHub. What a stranger can write (a title, a branch) reaches a script as a variable of
 * its environment, never as a part of its text.
 */

/** Sets up what every job needs. */
const action = (
  install: string,
): string => `# Sets up what every job with Cupel needs: Node, the sandbox, the project's packages, what earlier jobs kept.
name: Cupel
description: Node, bubblewrap, the packages of the project, and what earlier jobs kept
inputs:
  sandbox:
    description: whether answers are graded (true), or the job only comments (false)
    default: 'true'
runs:
  using: composite
  steps:
    - uses: actions/setup-node@v4
      with:
        node-version: '24'
    - name: Let bubblewrap start
      if: inputs.sandbox == 'true'
      shell: bash
      run: |
        if ! command -v bwrap; then
          sudo apt-get update
          sudo apt-get install --yes --no-install-recommends bubblewrap
        fi
        # Ubuntu 24.04 gives user namespaces to no program that has no profile of its own.
        if [ -e /proc/sys/kernel/apparmor_restrict_unprivileged_userns ]; then
          sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0
        fi
    - name: Install the packages of the project
      shell: bash
      run: ${install}
    - uses: actions/cache@v4
      if: inputs.sandbox == 'true'
      with:
        path: .cupel
        key: cupel-\${{ runner.os }}-\${{ github.run_id }}-\${{ github.run_attempt }}
        restore-keys: cupel-\${{ runner.os }}-
    - name: Say what works here
      if: inputs.sandbox == 'true'
      shell: bash
      run: npx cupel doctor || true
`;

/** Runs what a pull request touches. */
const pullRequest = `# Runs what a pull request touches, on both sides. A fork has no keys and may not comment: its answers are replayed,
# and cupel-comment.yml says on the pull request what came of it.
name: Cupel
on:
  pull_request:
permissions:
  contents: read
concurrency:
  group: cupel-\${{ github.event.pull_request.number }}
  cancel-in-progress: true
jobs:
  compare:
    runs-on: ubuntu-24.04
    timeout-minutes: 120
    permissions:
      contents: read
      pull-requests: write
    env:
      IS_FORK: \${{ github.event.pull_request.head.repo.full_name != github.repository }}
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0
          persist-credentials: false
      - uses: ./.github/actions/cupel
      - name: Compare with the base, and comment
        if: env.IS_FORK != 'true'
        env:
          GITHUB_TOKEN: \${{ github.token }}
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
        run: npx cupel pr --base "origin/$GITHUB_BASE_REF" --comment
      - name: Replay the answers of a fork
        if: env.IS_FORK == 'true'
        run: npx cupel pr --base "origin/$GITHUB_BASE_REF" --replay --report cupel-comment
      - uses: actions/upload-artifact@v4
        if: \${{ !cancelled() && env.IS_FORK == 'true' }}
        with:
          name: cupel-comment
          path: cupel-comment/
          if-no-files-found: ignore
      - uses: actions/upload-artifact@v4
        if: \${{ !cancelled() }}
        with:
          name: cupel-runs
          path: reports/runs/
          if-no-files-found: ignore
`;

/** Comments on pull requests of forks. */
const comment = `# Comments on pull requests of forks, with the words of the default branch: of the artifact, which a stranger may
# have written, numbers and plain names alone are taken, and the pull request is the one of the job's own commit.
name: Cupel comment
on:
  workflow_run:
    workflows: [Cupel]
    types: [completed]
permissions:
  actions: read
  contents: read
  pull-requests: write
jobs:
  comment:
    if: >-
      github.event.workflow_run.event == 'pull_request' &&
      github.event.workflow_run.head_repository.full_name != github.repository
    runs-on: ubuntu-24.04
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - uses: ./.github/actions/cupel
        with:
          sandbox: 'false'
      - uses: actions/download-artifact@v4
        with:
          name: cupel-comment
          path: \${{ runner.temp }}/cupel-comment
          run-id: \${{ github.event.workflow_run.id }}
          github-token: \${{ github.token }}
      - name: Comment on the pull request
        env:
          GITHUB_TOKEN: \${{ github.token }}
        run: npx cupel pr --from "$RUNNER_TEMP/cupel-comment" --comment
`;

/** Asks every night. */
const night = (
  suite: string,
): string => `# Asks the models of a suite anew every night, and keeps the history beside the baselines.
name: Cupel night
on:
  schedule:
    - cron: '17 2 * * *'
  workflow_dispatch:
permissions:
  contents: read
concurrency:
  group: cupel-night
jobs:
  night:
    runs-on: ubuntu-24.04
    timeout-minutes: 350
    permissions:
      contents: write
    steps:
      - uses: actions/checkout@v4
      - uses: ./.github/actions/cupel
      - name: Ask anew
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
        run: npx cupel night ${suite}
      - name: Keep the history
        if: \${{ !cancelled() }}
        run: |
          if [ -d reports/baselines ]; then git add --all reports/baselines; fi
          if ! git diff --cached --quiet; then
            git -c user.name='github-actions[bot]' -c user.email='41898282+github-actions[bot]@users.noreply.github.com' \\
              commit --quiet --message 'What the night measured'
            git pull --rebase --quiet
            git push --quiet
          fi
      - uses: actions/upload-artifact@v4
        if: \${{ !cancelled() }}
        with:
          name: cupel-night
          path: reports/runs/
          if-no-files-found: ignore
`;

/** Decides about another model. */
const upgrade = (suite: string): string => `# Compares a model with others that could take its place.
name: Cupel upgrade
on:
  workflow_dispatch:
    inputs:
      from:
        description: the model that is used now
        required: true
        type: string
      to:
        description: the models that could take its place, with spaces between them
        required: true
        type: string
permissions:
  contents: read
jobs:
  upgrade:
    runs-on: ubuntu-24.04
    timeout-minutes: 350
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - uses: ./.github/actions/cupel
      - name: Ask the models, and write the page
        env:
          ANTHROPIC_API_KEY: \${{ secrets.ANTHROPIC_API_KEY }}
          FROM: \${{ inputs.from }}
          TO: \${{ inputs.to }}
        run: |
          read -r -a to <<< "$TO"
          npx cupel upgrade --from "$FROM" --to "\${to[@]}" --suite ${suite} --format html --out upgrade.html
      - uses: actions/upload-artifact@v4
        if: \${{ !cancelled() }}
        with:
          name: cupel-upgrade
          path: upgrade.html
          if-no-files-found: ignore
`;

/** The files for GitHub by their paths below the repository's top. */
export function githubFiles(suite: string, install: string): Record<string, string> {
  return {
    '.github/actions/cupel/action.yml': action(install),
    '.github/workflows/cupel.yml': pullRequest,
    '.github/workflows/cupel-comment.yml': comment,
    '.github/workflows/cupel-night.yml': night(suite),
    '.github/workflows/cupel-upgrade.yml': upgrade(suite),
  };
}
