"""The peer of epoch.cpp: the same network and the same work in PyTorch, on one thread.

One line on stdin, one epoch, its seconds and mean loss on stdout. Every epoch shuffles, gathers each batch by index,
computes the mean loss and its gradients, sums the loss, and takes a step of SGD. To PyTorch's advantage the pixels
are in memory as f32 and divided by 255 already; gradc starts from bytes.
SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""

import gzip
import sys
import time

import torch

folder = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/datasets/fashion-mnist"
torch.set_num_threads(1)
torch.manual_seed(1)


def read(name, header):
    with gzip.open(f"{folder}/{name}") as file:
        return torch.frombuffer(bytearray(file.read()[header:]), dtype=torch.uint8)


pixels = read("train-images-idx3-ubyte.gz", 16).reshape(-1, 784).float() / 255
labels = read("train-labels-idx1-ubyte.gz", 8).long()
model = torch.nn.Sequential(torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10))
loss_of = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for _ in sys.stdin:
    begin = time.process_time()
    total = 0.0
    order = torch.randperm(len(pixels))
    for at in range(0, len(pixels), 128):
        batch = order[at : at + 128]
        loss = loss_of(model(pixels[batch]), labels[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(batch)
    print(f"{time.process_time() - begin:.6f} {total / len(pixels):.6f}", flush=True)
