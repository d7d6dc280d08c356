"""A matrix as the product of two thin ones: the nearest to it, or the nearest in what it does."""

from __future__ import annotations

import torch
from torch import Tensor

_SPARE = 32  # directions beyond the rank: the last ones that are kept converge sooner
_ROUNDS = 4


@torch.no_grad()
def factorise(matrix: Tensor, rank: int, *, seed: int = 0) -> tuple[Tensor, Tensor]:
    """(K, C) -> (rank, K), (rank, C): outputsᵀ · inputs is near ``matrix``, √s on both sides.

    No product of this rank is nearer than the exact truncated decomposition; this one comes within
    a few percent.

    Args:
        matrix: float32.
        rank: at most its smaller side.
        seed: of the random sketch; the same seed gives the same factors.
    """
    outputs, stretch, inputs = _decompose(matrix, rank, seed)
    root = stretch.sqrt()
    return (outputs * root).T.contiguous(), (inputs.T * root).T.contiguous()


@torch.no_grad()
def fit(matrix: Tensor, seen: Tensor, rank: int, *, seed: int = 0) -> tuple[Tensor, Tensor]:
    """(K, C), (N, C) -> (rank, K), (rank, C): the product answers the inputs ``seen`` as ``matrix`` does.

    Early in training most of a matrix is the noise it began with: its nearest thin product keeps
    little of what it does. But its answers to real inputs lie near few directions U, and U·Uᵀ·matrix
    gives them with the least squared error of any product of this rank.
    """
    directions, _, _ = _decompose(matrix @ seen.T, rank, seed)  # (K, r)
    return directions.T.contiguous(), directions.T @ matrix


def _decompose(matrix: Tensor, rank: int, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """(K, C) -> U (K, rank), s (rank), Vᵀ (rank, C), or fewer where a side is shorter than ``rank``.

    Subspace iteration (Halko, Martinsson and Tropp 2011, algorithm 4.4): a random matrix is sent
    through ``matrix`` and back until it spans the directions that are stretched most; within them an
    exact decomposition is cheap.
    """
    rows, columns = matrix.shape
    width = min(rank + _SPARE, rows, columns)
    generator = torch.Generator().manual_seed(seed)
    sketch = torch.randn(columns, width, generator=generator)  # (C, r)
    for _ in range(_ROUNDS):
        sketch = _directions(matrix.T @ _directions(matrix @ sketch))  # (C, r)
    outputs = _directions(matrix @ sketch)  # (K, r)
    turn, stretch, inputs = torch.linalg.svd(outputs.T @ matrix, full_matrices=False)
    return outputs @ turn[:, :rank], stretch[:rank], inputs[:rank]


def _directions(vectors: Tensor) -> Tensor:
    """An orthonormal basis of what the columns span."""
    basis: Tensor = torch.linalg.qr(vectors).Q
    return basis
