'use strict';
// A stand-in for AWS Secrets Manager, as far as programs read secrets: GetSecretValue, BatchGetSecretValue,
// DescribeSecret and
// ListSecrets over the JSON protocol. Runs beside the program, on its loopback. Settings stand in SETTINGS, which is
// replaced by JSON.
const { createServer } = require('node:http');

const { port, secrets, after } = SETTINGS;
const started = Date.now();
const LARGEST = 64 * 1024;

const arn = (id) => (id.startsWith('arn:') ? id : `arn:aws:secretsmanager:us-east-1:123456789012:secret:${id}-AbCdEf`);

function secretOf(id) {
  if (Date.now() - started < after * 1000) return undefined;
  const names = Object.keys(secrets);
  return names.find(
    (name) =>
      id === name || id === arn(name) || id.startsWith(`arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}`),
  );
}

const description = (name) => ({
  ARN: arn(name),
  Name: name,
  CreatedDate: 1767225600,
  VersionIdsToStages: { 'a-version': ['AWSCURRENT'] },
});
const value = (name) => ({
  ARN: arn(name),
  Name: name,
  VersionId: 'a-version',
  SecretString: secrets[name],
  VersionStages: ['AWSCURRENT'],
  CreatedDate: 1767225600,
});
const missing = { __type: 'ResourceNotFoundException', Message: "Secrets Manager can't find the specified secret." };

function answer(action, request) {
  const name = secretOf(String(request.SecretId ?? ''));
  switch (action) {
    case 'GetSecretValue':
      return name === undefined ? [400, missing] : [200, value(name)];
    case 'DescribeSecret':
      return name === undefined ? [400, missing] : [200, description(name)];
    case 'BatchGetSecretValue': {
      const found = (request.SecretIdList ?? []).map((id) => secretOf(String(id))).filter((one) => one !== undefined);
      return [200, { SecretValues: found.map(value), Errors: [] }];
    }
    case 'ListSecrets':
      return [
        200,
        {
          SecretList: Object.keys(secrets)
            .filter((one) => secretOf(one) !== undefined)
            .map(description),
        },
      ];
    default:
      return [400, { __type: 'InvalidRequestException', Message: `no ${action} here` }];
  }
}

const server = createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 10_000 }, (request, response) => {
  const chunks = [];
  let size = 0;
  request.on('error', () => {});
  response.on('error', () => {});
  request.on('data', (chunk) => {
    size += chunk.length;
    if (size > LARGEST) request.destroy();
    else chunks.push(chunk);
  });
  request.on('end', () => {
    let asked = {};
    try {
      asked = JSON.parse(Buffer.concat(chunks).toString() || '{}') ?? {};
    } catch {
      // answered like an empty one
    }
    const action = String(request.headers['x-amz-target'] ?? '')
      .split('.')
      .at(-1);
    const [status, body] = answer(action, asked);
    response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1', 'x-amzn-RequestId': 'stand-in' });
    response.end(JSON.stringify(body));
  });
});
server.maxConnections = 64;
server.on('error', () => {});
server.listen(port, '127.0.0.1');
