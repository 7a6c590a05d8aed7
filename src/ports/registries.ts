/** A registry that trusted resolvers read, as this machine is configured to reach it. */
export interface Registry {
  /** The name that it has in addresses inside of the sandbox: lower-case letters, digits and hyphens. */
  name: string;
  /** What its documents look like, for those that hold addresses of files. */
  kind: 'npm' | 'python' | 'go' | 'maven';
  /**
   * Its address on this machine's network, with a user and a password where it wants them. They are never shown inside.
   */
  address: string;
  /** The checksum database of Go modules, which is asked where a module proxy does not speak for it. */
  checksums?: { name: string; address: string } | null;
}

/** Port of the sandbox's own loopback at which the registries are found. */
export const REGISTRIES_PORT = 8100;

/** Where a resolver in the sandbox finds a registry; ends with a slash. */
export function addressInside(name: string): string {
  return `http://127.0.0.1:${REGISTRIES_PORT}/${name}/`;
}

/** Reads registries for programs in the sandbox, which have no network of their own. */
export interface RegistryGateway {
  /** The path of a Unix socket at which HTTP requests for these registries, and for nothing else, are answered. */
  socketFor(registries: readonly Registry[]): Promise<string>;
  /**
   * Which of these registries refused the credentials of this machine since a moment of `performance.now()`, and what
   * to do; null when none did.
   */
  refusalSince?(registries: readonly Registry[], since: number): string | null;
  /** Packages that were asked for since a moment of `performance.now()` and have releases without a date. */
  undatedSince?(registries: readonly Registry[], since: number): string[];
}
