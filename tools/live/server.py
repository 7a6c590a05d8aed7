"""Serves the weights named by the first argument with the protocol of OpenAI, on a free port of loopback.

Prints the address, then serves until a signal ends it.
"""

import signal
import sys

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.n_ctx = 2048
params.port = 0
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
signal.pause()
