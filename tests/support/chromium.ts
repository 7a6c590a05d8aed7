/** Where Debian has Chromium. */
export const chromium = '/usr/bin/chromium';

/** Options with which it starts without a window, and asks the network for nothing. */
export const quietOptions: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
