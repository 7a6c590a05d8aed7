// Answers every request at once with a few bytes: what the machine and the way to the program cost by themselves.
'use strict';
const { createServer } = require('node:http');

const PORT = SETTINGS;

createServer((request, response) => {
  request.resume();
  request.on('end', () => response.end('{}'));
}).listen(PORT, '127.0.0.1');
