/** The controls of a run did not come out as written: nothing that its grader says can be believed. */
export class VoidRunError extends Error {
  override name = 'VoidRunError';
}
