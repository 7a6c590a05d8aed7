const secretName = /(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)S?$/i;

/**
 * Values of the environment that must not be seen, by the names of their variables; too short ones would hide ordinary
 * words.
 */
export function secretsIn(environment: Readonly<Record<string, string | undefined>>): string[] {
  const secrets = Object.entries(environment).flatMap(([name, value]) =>
    secretName.test(name) && value !== undefined && value.length >= 8 ? [value] : [],
  );
  return secrets.sort((a, b) => b.length - a.length); // one may hold another
}

/** A text in which every secret is replaced. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((safe, secret) => safe.replaceAll(secret, '[redacted]'), text);
}
