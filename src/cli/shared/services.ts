import { openServices } from '../../app/services/services.ts';
import type { Services, ServicesOptions } from '../../app/services/services.ts';
import { printNotice } from './notices.ts';

/** The file from which the summary page of the CI job is made that we run in; undefined outside of one. */
export function jobSummaryFile(): string | undefined {
  const { GITHUB_STEP_SUMMARY } = process.env;
  return GITHUB_STEP_SUMMARY === '' ? undefined : GITHUB_STEP_SUMMARY;
}

/** The services of a command: notices are printed, and a run in a CI job adds to the job's summary. */
export function commandServices(options: ServicesOptions, signal: AbortSignal): Promise<Services> {
  return openServices({ ...options, jobSummary: jobSummaryFile() }, { signal, notify: printNotice });
}
