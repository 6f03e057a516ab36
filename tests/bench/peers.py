#!/usr/bin/env python3
"""Value and gradient, or Hessian, by gradc's shared libraries and by PyTorch, in turns in one process and one thread.
Prints a line of JSON for each work: its name, seconds of gradc and of PyTorch (medians of processor time), and the greatest
relative difference of the results. Arguments: gradc, the folder of the models, the LeNet's file, works (default: all).
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import ctypes
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch
import torch.nn.functional as F

GRADC, MODELS, LENET = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
torch.set_num_threads(1)
random = np.random.default_rng(1)


class Compiled:
    """A function of a model, with arrays for all that it reads and writes."""

    def __init__(self, model, function, arrays, batch, *options):
        folder = tempfile.mkdtemp()
        model = pathlib.Path(shutil.copy(model, f"{folder}/{model.stem.lstrip('0123456789_')}.grad"))
        subprocess.run([GRADC, "compile", model, "--out", folder, *options], check=True, stdout=subprocess.DEVNULL)
        library = ctypes.CDLL(f"{folder}/{model.stem}.so")
        self.call = getattr(library, f"{model.stem}_{function}_call")
        self.call.argtypes = [ctypes.c_void_p] * 5
        workspace_bytes = getattr(library, f"{model.stem}_{function}_workspace_bytes")
        workspace_bytes.argtypes, workspace_bytes.restype = [ctypes.c_void_p], ctypes.c_int64
        self.arrays = arrays
        self.sizes = (ctypes.c_int64 * 1)(batch or 0)
        self.pointers = (ctypes.c_void_p * len(arrays))(*[a.ctypes.data for a in arrays])
        self.room = np.zeros(workspace_bytes(self.sizes) + 64, np.uint8)
        self.workspace = self.room.ctypes.data + -self.room.ctypes.data % 64

    def run(self):
        status = self.call(self.sizes, self.pointers, None, self.workspace, None)
        assert status == 0, status


def normal(*shape, scale=1.0, dtype=np.float32):
    return (scale * random.standard_normal(shape)).astype(dtype)


def of_loss(model, inputs, params, loss, batch, metrics=0):
    """gradc's gradient function beside loss(inputs, params) and its backward."""
    value, measured, gradients = np.zeros(1), [np.zeros(1)] * metrics, [np.zeros_like(p) for p in params]
    mine = Compiled(model, "gradient", inputs + params + [value] + measured + gradients, batch, "--precision", "f32")
    tensors = [torch.from_numpy(p.copy()).requires_grad_() for p in params]
    given = [torch.from_numpy(i).long() if i.dtype == np.int32 else torch.from_numpy(i) for i in inputs]

    def theirs():
        for t in tensors:
            t.grad = None
        value = loss(given, tensors)
        value.backward()
        return value

    def difference():
        mine.run()
        # gradc's loss and gradients are sums over the examples.
        expected = float(theirs().detach()) * batch
        worst = abs(value[0] - expected) / abs(expected)
        for r, t in zip(gradients, tensors):
            g = t.grad.numpy() * batch
            worst = max(worst, float(np.abs(r - g).max() / (np.abs(g).max() + 1e-30)))
        return worst

    return mine.run, theirs, difference


def char_lstm():
    batch, T, V, H = 32, 64, 64, 128
    letters = [random.integers(0, V, (batch, T)).astype(np.int32) for _ in range(2)]
    params = [normal(V, H)]
    for _ in range(4):
        params += [normal(H, H, scale=0.09), normal(H, H, scale=0.09), normal(H, scale=0.1)]
    params += [normal(H, V, scale=0.1), normal(V, scale=0.1)]
    def loss(given, p):
        # torch.nn.LSTM's own kernel, with the weights as it wants them: i, f, g, o.
        w = torch.cat([p[1 + 3 * k] for k in range(4)], 1).T
        u = torch.cat([p[2 + 3 * k] for k in range(4)], 1).T
        b = torch.cat([p[3 + 3 * k] for k in range(4)])
        zero = torch.zeros(1, batch, H)
        y, _, _ = torch._VF.lstm(F.embedding(given[0], p[0]), (zero, zero), [w, u, b, torch.zeros_like(b)], True, 1, 0.0,
                                 True, False, True)
        z = y @ p[13] + p[14]
        return F.cross_entropy(z.reshape(-1, V), given[1].reshape(-1))

    return of_loss(MODELS / "char_lstm.grad", letters, params, loss, batch)


def transformer():
    batch, T, D, A, K, M = 16, 64, 128, 4, 32, 512
    inputs = [normal(batch, T, D), normal(batch, T, D)]
    params = [1 + normal(D, scale=0.1), normal(D, scale=0.1), 1 + normal(D, scale=0.1), normal(D, scale=0.1)]
    params += [normal(D, A, K, scale=0.09) for _ in range(3)] + [normal(A, K, D, scale=0.09)]
    params += [normal(D, M, scale=0.06), normal(M, scale=0.1), normal(M, D, scale=0.06), normal(D, scale=0.1)]

    def loss(given, p):
        x, y = given
        n1 = F.layer_norm(x, (D,), p[0], p[1])
        q, k, v = (F.linear(n1, w.reshape(D, A * K).T).view(batch, T, A, K).transpose(1, 2) for w in p[4:7])
        att = torch.softmax(q @ k.transpose(2, 3) / K**0.5, -1)
        head = (att @ v).transpose(1, 2).reshape(batch, T, A * K)
        h = x + head @ p[7].reshape(A * K, D)
        n2 = F.layer_norm(h, (D,), p[2], p[3])
        out = h + torch.relu(n2 @ p[8] + p[9]) @ p[10] + p[11]
        return F.mse_loss(out, y)

    return of_loss(MODELS / "transformer.grad", inputs, params, loss, batch)


def lenet():
    batch = 64
    inputs = [random.integers(0, 256, (batch, 28, 28)).astype(np.float32), random.integers(0, 10, batch).astype(np.int32)]
    params = [normal(6, 5, 5, scale=0.2), normal(6, scale=0.1), normal(16, 6, 5, 5, scale=0.08), normal(16, scale=0.1),
              normal(16, 4, 4, 120, scale=0.06), normal(120, scale=0.1), normal(120, 84, scale=0.1), normal(84, scale=0.1),
              normal(84, 10, scale=0.1), normal(10, scale=0.1)]

    def loss(given, p):
        x = (given[0] / 255).unsqueeze(1).to(memory_format=torch.channels_last)
        a = F.max_pool2d(torch.relu(F.conv2d(x, p[0].unsqueeze(1), p[1])), 2)
        b = F.max_pool2d(torch.relu(F.conv2d(a, p[2].contiguous(memory_format=torch.channels_last), p[3])), 2)
        c = torch.relu(b.reshape(batch, -1) @ p[4].reshape(256, 120) + p[5])
        return F.cross_entropy(torch.relu(c @ p[6] + p[7]) @ p[8] + p[9], given[1])

    return of_loss(LENET, inputs, params, loss, batch, metrics=1)


def of_hessian(model, constants, w, loss):
    n = len(w)
    results = [np.zeros(1), np.zeros(n), np.zeros((n, n))]
    mine = Compiled(model, "values", constants + [w] + results, 0, "--order", "2", "--of", "E", "--wrt", "w")
    given, point = [torch.from_numpy(c) for c in constants], torch.from_numpy(w)
    theirs = lambda: torch.autograd.functional.hessian(lambda v: loss(given, v), point)

    def difference():
        mine.run()
        h = theirs().numpy()
        return float(np.abs(results[2] - h).max() / np.abs(h).max())

    return mine.run, theirs, difference


def logistic():
    constants = [normal(1000, 100, dtype=np.float64), (random.random(1000) < 0.5).astype(np.float64)]
    return of_hessian(MODELS / "logistic.grad", constants, normal(100, scale=0.1, dtype=np.float64),
                      lambda g, w: (F.softplus(g[0] @ w) - g[1] * (g[0] @ w)).sum())


def log_det():
    a = normal(40, 40, scale=0.1, dtype=np.float64)
    constants = [a @ a.T + np.eye(40), normal(40, dtype=np.float64)]

    def loss(g, w):
        m = g[0] + torch.diag(torch.exp(w))
        return torch.logdet(m) + g[1] @ torch.linalg.solve(m, g[1])

    return of_hessian(MODELS / "log_det.grad", constants, normal(40, scale=0.1, dtype=np.float64), loss)


WORKS = {"lenet": lenet, "char_lstm": char_lstm, "transformer": transformer, "logistic": logistic, "log_det": log_det}


def seconds(run, least=0.2):
    count, start = 0, time.process_time()
    while count == 0 or time.process_time() - start < least:
        run()
        count += 1
    return (time.process_time() - start) / count


for name in sys.argv[4:] or WORKS:
    mine, theirs, difference = WORKS[name]()
    worst = difference()
    times = [(seconds(mine), seconds(theirs)) for _ in range(7)]
    print(json.dumps({"work": name, "gradc": statistics.median(t[0] for t in times),
                      "PyTorch": statistics.median(t[1] for t in times), "difference": worst}), flush=True)
