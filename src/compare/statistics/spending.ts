/**
 * What each look may spend of `alpha` (Lan and DeMets: a power function of the share of the looks that are done, here
 * its cube). The parts add up to `alpha`, so however the looks depend on each other, the chance that any of them errs
 * is at most `alpha`. A look whose part is below `least` could never reject: it waits, and the next one has it too.
 */
export function alphaSpending(alpha: number, looks: number, least: number): number[] {
  const parts: number[] = [];
  let spent = 0;
  for (let look = 1; look <= looks; look += 1) {
    const due = alpha * (look / looks) ** 3 - spent;
    const part = due >= least || look === looks ? due : 0;
    spent += part;
    parts.push(part);
  }
  return parts;
}
