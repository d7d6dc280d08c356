"""Made-up records with the right shapes, and consoles to show them on."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

import numpy as np
from rich.console import Console, RenderableType
from show import invented

from alexnet_tutor.architecture import FASHION, Architecture
from alexnet_tutor.geometry import LayerGeometry, learning_flops, walk
from alexnet_tutor.layers import Softmax
from alexnet_tutor.network import build
from alexnet_tutor.records import (
    FASHION_LABELS,
    BenchRecord,
    ClassRecord,
    CompressedLayer,
    CompressionRecord,
    CompressionStep,
    EpochRecord,
    EvaluationRecord,
    ImageFacts,
    JudgedPicture,
    LayerRecord,
    ModelFacts,
    Prediction,
    Timing,
    TraceRecord,
)
from alexnet_tutor.tracing.why import why

STEPS = (
    "200×150, RGB",
    "made grey",
    "inverted, because its background is light",
    "28×28",
    "227×227",
)


def boot(size: int) -> np.ndarray:
    """A boot-like drawing, light on dark, (size, size), 0 to 1."""
    row, column = np.mgrid[0:size, 0:size] / size
    shaft = (row > 0.12) & (row < 0.8) & (column > 0.42) & (column < 0.82)
    foot = (row > 0.55) & (row < 0.8) & (column > 0.1 + 0.4 * (0.8 - row))
    sole = (row >= 0.8) & (row < 0.87) & (column > 0.08) & (column < 0.84)
    inside = (shaft | (foot & (column < 0.82))) * (0.55 + 0.4 * column)
    return np.where(sole, 0.95, inside)


def module_of(geometry: LayerGeometry, linear: Mapping[str, object]) -> object:
    """What :func:`why` asks: a real layer, or what stands for one with many weights."""
    if geometry.weight_shape is None:
        return build(geometry)
    return linear.get(geometry.spec.name)


def with_why(
    layers: Iterable[LayerRecord], pixels: np.ndarray, modules: Iterable[object]
) -> Iterator[LayerRecord]:
    """Each record with what its layer did, fed by the one before it."""
    x = pixels.astype(np.float32)[None]
    for layer, module in zip(layers, modules, strict=True):
        yield replace(layer, why=why(layer, x, module, placed=True))
        x = layer.values


def record_of(geometry: LayerGeometry, values: np.ndarray) -> LayerRecord:
    """The record that belongs to one picture's ``values``, in 64-bit floats."""
    maps = values.reshape(geometry.output_shape[0], -1)
    return LayerRecord(
        name=geometry.spec.name,
        kind=geometry.spec.kind,
        input_shape=(1, *geometry.input_shape),
        output_shape=(1, *geometry.output_shape),
        params=geometry.params,
        macs=geometry.macs,
        field=geometry.field,
        min=float(values.min()),
        mean=float(values.mean()),
        max=float(values.max()),
        std=float(values.std()),
        zeros=float((values == 0).mean()),
        silent=int((maps == 0).all(axis=1).sum()),
        values=values.astype(np.float32)[None],
    )


@cache
def fake_trace(
    architecture: Architecture = FASHION, source: str | None = "fashion.safetensors"
) -> TraceRecord:
    """A whole trace; ``source=None`` for untrained weights."""
    rng = np.random.default_rng(7)
    geometries = list(walk(architecture))
    kernels = invented.conv1_kernels(*geometries[0].weight_shape[:3], rng)
    pixels = np.repeat(boot(architecture.image_size)[None], architecture.channels, axis=0)
    entered, linear = (pixels - 0.286) / 0.353, {}
    values = list(invented.outputs(architecture, entered, kernels, rng, linear))
    layers = list(map(record_of, geometries, values))
    shares = invented.softmax(values[-1])
    layers.append(
        replace(
            record_of(geometries[-1], shares), name="softmax", kind="softmax",
            input_shape=layers[-1].output_shape, params=0, macs=0,
        )
    )  # fmt: skip
    modules = [*(module_of(geometry, linear) for geometry in geometries), Softmax()]
    few = len(shares) == len(FASHION_LABELS)
    labels = FASHION_LABELS if few else tuple(f"class {n}" for n in range(len(shares)))
    return TraceRecord(
        image=ImageFacts("sample.png", 200, 150, "RGB", True, STEPS),
        facts=ModelFacts(architecture=architecture, labels=labels, source=source),
        pixels=pixels.astype(np.float32),
        layers=tuple(with_why(layers, entered, modules)),
        top=tuple(Prediction(labels[i], float(shares[i])) for i in np.argsort(-shares)),
        conv1_kernels=kernels,
    )


@cache
def fake_evaluation(classes: int = 10, per_class: int = 1000) -> EvaluationRecord:
    """An evaluation with plausible confusions."""
    rng = np.random.default_rng(3)
    labels = FASHION_LABELS if classes == 10 else tuple(f"class {n}" for n in range(classes))
    confusion = np.zeros((classes, classes), dtype=np.int64)
    for true in range(classes):
        doubt = rng.dirichlet(np.full(classes, 0.3)) * rng.uniform(0.05, 0.3)
        doubt[true] += 1 - doubt.sum()
        confusion[true] = rng.multinomial(per_class, doubt)
    right = np.diag(confusion)
    rows = tuple(
        ClassRecord(
            labels[n],
            float(right[n] / max(1, confusion[:, n].sum())),
            float(right[n] / per_class),
            per_class,
        )
        for n in range(classes)
    )
    boots = (boot(28)[None] * 255).astype(np.uint8)
    taken_for = [n for n in range(classes) if n != 9 and confusion[9, n]]
    wrong = tuple(
        JudgedPicture(17 * n, boots, 9, taken_for[n % len(taken_for)], 0.999 - 0.01 * n)
        for n in range(24)
    )
    examples = tuple(
        replace(picture, index=n, predicted=picture.predicted if n % 4 == 0 else 9)
        for n, picture in enumerate(wrong)
    )
    images = classes * per_class
    return EvaluationRecord(
        "fashion-mnist, test",
        labels,
        images,
        float(right.sum() / images),
        0.5821,
        rows,
        confusion,
        examples,
        wrong,
        14.2,
        "fashion.safetensors",
    )


def fake_epochs(count: int, slow: float = 1.0, validation: bool = True) -> list[EpochRecord]:
    """A run that learns."""
    return [
        EpochRecord(
            epoch=n + 1, steps=430, train_loss=2.0 * 0.7 ** (n / slow) + 0.2,
            train_accuracy=0.95 - 0.6 * 0.7 ** (n / slow),
            validation_loss=1.6 * 0.72 ** (n / slow) + 0.3 if validation else None,
            validation_accuracy=0.91 - 0.5 * 0.72 ** (n / slow) if validation else None,
            learning_rate=0.01, seconds=89.3 + n, images_per_second=55_000 / (89.3 + n),
        )
        for n in range(count)
    ]  # fmt: skip


def fake_compression(data: str | None = "fashion-mnist test") -> CompressionRecord:
    """The `fashion` network made small; without ``data`` neither fitted nor judged."""
    sizes = {"as trained": 233_196_328, "8-bit": 58_350_000, "low rank": 25_200_000}
    sizes["low rank, 8-bit"] = 6_331_000
    accuracies = (0.9312, 0.931, 0.9308, 0.9301) if data else (None,) * 4
    layers = []
    for layer in walk(FASHION):
        if layer.params:
            rank = {"fc6": 128, "fc7": 100}.get(layer.spec.name)
            after = rank * (sum(layer.weight_shape) + 8) if rank else layer.params
            after += 4 * layer.weight_shape[0]
            how = f"rank {rank}, 8-bit" if rank else "8-bit"
            layers.append(
                CompressedLayer(layer.spec.name, layer.params, 4 * layer.params, after, how)
            )
    steps = (
        CompressionStep(name, size, accuracy)
        for (name, size), accuracy in zip(sizes.items(), accuracies, strict=True)
    )
    return CompressionRecord(
        "best.safetensors",
        "checkpoints/first/compressed.safetensors",
        6_337_696,
        tuple(steps),
        tuple(layers),
        1024 if data else 0,
        data,
        10_000 if data else 0,
        0.414,
    )


def shown(
    renderable: RenderableType,
    width: int = 80,
    encoding: str = "utf-8",
    colour: str | None = None,
    **options: bool,
) -> str:
    """What a console of ``width`` columns gets; not a terminal unless ``colour`` is given."""
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    console = Console(
        file=file,
        width=width,
        color_system=colour,
        force_terminal=colour is not None,
        legacy_windows=False,
        **options,
    )  # type: ignore[arg-type]
    console.print(renderable, crop=False)  # as the command line does
    file.flush()
    return raw.getvalue().decode(encoding)


def fake_bench(device: str = "cpu", precision: str = "bf16") -> BenchRecord:
    """A machine that does 495 GFLOP/s in bf16."""
    middle = {
        "origin_step": 11.74, "kit_step": 1.853, "torch_lrn": 2.91, "kit_lrn": 0.0952,
        "matmul_fp32": 1.31, "matmul_bf16": 0.2779,
        "import_torch": 1.62, "tutor_help": 0.231, "tutor_trace": 3.04,
    }  # fmt: skip
    told = {"system": "Linux", "processor": "A processor of 2 GHz", "cores": 2, "python": "3.12"}
    return BenchRecord(
        command="tutor bench",
        date="2026-11-25",
        version="0.1.0",
        torch="2.14.0",
        machine=told,
        device=device,
        device_name="A GPU" if device == "cuda" else None,
        precision=precision,
        batch_size=128,
        image_size=227,
        lrn_shape=(128, 96, 56, 56),
        lrn_difference=3.8e-6,
        matrix_side=4096,
        flops_per_picture=learning_flops(FASHION),
        timings={
            task: Timing((0.97 * value, value, 1.12 * value)) for task, value in middle.items()
        },
        memory={
            "origin_step": 3_120_000_000,
            "kit_step": 1_890_000_000,
            "tutor_trace": 640_000_000,
        },
    )
