/** A small contract that is right, as text. */
export const sample = `
contract: 1
mark: cupel-mark-0123456789abcdef
kind: http
run:
  python: { command: [uvicorn, "app.main:app"] }
service:
  port: { default: 8080 }
  ready: { path: /healthz }
starts:
  normal: { env: { WEBHOOK_SECRET: "{{ secret }}" } }
  refuses: { ready: ended }
values:
  secret: "{{ canary('secret') }}"
canaries:
  secret: { kind: secret, quote: "secrets via AWS" }
endpoints:
  verify: POST /verify
probes:
  - id: valid
    title: A valid signature is accepted
    level: must
    quote: 'respond 200 for a valid signature'
    endpoint: verify
    catches: a program that refuses everything
    steps:
      - request: { method: POST, path: /verify, json: { signature: "{{ hmac('sha256', secret, 'x') }}" } }
        as: first
        expect: { status: 200, jsonpath: { $.id: { type: string } } }
        captures: { id: $.id }
      - equal: ["{{ first.json.id }}", "{{ id }}"]
`;
