/** A folder addressed by the hash of what it was made from; made once, never changed. */
export interface Layer {
  folder: string;
  hash: string;
}

/** Where layers and the caches of trusted resolvers live. */
export interface Layers {
  /**
   * The layer for a key. When there is none, `build` fills an empty folder that becomes the layer only when `build` is
   * done. Whatever `build` rejects with is passed on, and nothing is left.
   */
  get(name: string, key: unknown, build: (folder: string) => Promise<void>): Promise<Layer>;
  /** A folder that trusted resolvers may write, kept between runs. */
  cache(name: string): Promise<string>;
}
