/** A folder addressed by the hash of what it was made from; made once, never changed. */
export interface Layer {
  folder: string;
  hash: string;
}

/** Where layers live, and what else is kept between runs. */
export interface Layers {
  /**
   * The layer for a key. When there is none, `build` fills an empty folder that becomes the layer only when `build` is
   * done. Whatever `build` rejects with is passed on, and nothing is left.
   */
  get(name: string, key: unknown, build: (folder: string) => Promise<void>): Promise<Layer>;
  /** A folder of Cupel's own that is kept between runs; no program in the sandbox ever writes or sees it. */
  ownFolder(name: string): Promise<string>;
}
