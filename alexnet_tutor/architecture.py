"""AlexNet as one table of numbers: the home of every 96, 11, 4 and 2 in the kit.

Two presets: ``FASHION`` (one grey channel, 10 classes, one tower) and ``PAPER`` (the two-tower
network of Krizhevsky, Sutskever and Hinton 2012, section 3.5 and figure 2). Everything else, another
number of classes, another width, another image size, is a value derived from one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, ClassVar, TypeVar

from alexnet_tutor.errors import TutorError


@dataclass(frozen=True, slots=True)
class ConvSpec:
    """A convolution. ``paper_bias`` is the paper's initial bias (section 5)."""

    kind: ClassVar[str] = "conv"
    name: str
    out_channels: int
    kernel: int
    stride: int = 1
    padding: int = 0
    groups: int = 1
    paper_bias: float = 0.0


@dataclass(frozen=True, slots=True)
class ReluSpec:
    """max(0, x), section 3.1."""

    kind: ClassVar[str] = "relu"
    name: str


@dataclass(frozen=True, slots=True)
class LrnSpec:
    """Local response normalisation, section 3.3: alpha multiplies the *sum* over ``size`` maps."""

    kind: ClassVar[str] = "lrn"
    name: str
    size: int = 5
    k: float = 2.0
    alpha: float = 1e-4
    beta: float = 0.75


@dataclass(frozen=True, slots=True)
class PoolSpec:
    """Overlapping max pooling, section 3.4.

    With ``grid`` set, windows are laid so that the output is always ``grid`` × ``grid``: the same
    weights then serve every image size. From 13×13 to 6×6 those windows are the paper's 3×3 at
    stride 2, value for value.
    """

    kind: ClassVar[str] = "pool"
    name: str
    kernel: int = 3
    stride: int = 2
    grid: int | None = None


@dataclass(frozen=True, slots=True)
class FlattenSpec:
    """(C, H, W) read out as one row of C·H·W numbers."""

    kind: ClassVar[str] = "flatten"
    name: str


@dataclass(frozen=True, slots=True)
class LinearSpec:
    """A fully connected layer. ``paper_bias`` is the paper's initial bias (section 5)."""

    kind: ClassVar[str] = "linear"
    name: str
    out_features: int
    paper_bias: float = 0.0


@dataclass(frozen=True, slots=True)
class DropoutSpec:
    """Dropout, section 4.2."""

    kind: ClassVar[str] = "dropout"
    name: str
    p: float = 0.5


LayerSpec = ConvSpec | ReluSpec | LrnSpec | PoolSpec | FlattenSpec | LinearSpec | DropoutSpec
SpecT = TypeVar("SpecT", bound=LayerSpec)

_SPECS: dict[str, type[LayerSpec]] = {
    spec.kind: spec
    for spec in (ConvSpec, ReluSpec, LrnSpec, PoolSpec, FlattenSpec, LinearSpec, DropoutSpec)
}


@dataclass(frozen=True, slots=True)
class Architecture:
    """A network as a value: what comes in, and the layers in order.

    Attributes:
        name: the preset it derives from, ``fashion`` or ``paper``.
        channels: colour channels of the picture.
        image_size: height and width of the square picture, in pixels.
        layers: the layers by their field names, conv1 … fc8.
    """

    name: str
    channels: int
    image_size: int
    layers: tuple[LayerSpec, ...]

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """(C, H, W) of one picture."""
        return (self.channels, self.image_size, self.image_size)

    @property
    def classes(self) -> int:
        """Number of classes: the width of the last fully connected layer."""
        return self._last_linear().out_features

    def layer(self, name: str) -> LayerSpec:
        """The layer called ``name``.

        Raises:
            TutorError: there is none; the message lists those there are.
        """
        for spec in self.layers:
            if spec.name == name:
                return spec
        names = " ".join(spec.name for spec in self.layers)
        raise TutorError(f"There is no layer {name!r}.", f"The layers are: {names}.")

    def with_classes(self, classes: int) -> Architecture:
        """The same network with another number of classes."""
        if classes < 2:
            raise TutorError(
                f"A network of {classes} classes has nothing to choose.", "Give 2 or more."
            )
        return self._with(replace(self._last_linear(), out_features=classes))

    def with_channels(self, channels: int) -> Architecture:
        """The same network for pictures of another number of channels."""
        if channels < 1:
            raise TutorError(f"A picture cannot have {channels} channels.", "Give 1 or more.")
        return replace(self, channels=channels)

    def at_size(self, image_size: int) -> Architecture:
        """The same network, same weights, for pictures of another size: pool5 keeps its 6×6 grid."""
        if image_size == self.image_size:
            return self
        pool5 = self.layer("pool5")
        assert isinstance(pool5, PoolSpec)
        return replace(self._with(replace(pool5, grid=6)), image_size=image_size)

    def scaled(self, width: float) -> Architecture:
        """The same network with every layer's channels times ``width`` (classes stay).

        Groups still divide the channels: each count is rounded to a multiple of 2, at least 2.
        """
        if not 0 < width <= 4:
            raise TutorError(
                f"A width of {width} is out of range.", "Give more than 0 and at most 4."
            )
        last = self._last_linear()

        def scale(spec: LayerSpec) -> LayerSpec:
            if isinstance(spec, ConvSpec):
                return replace(spec, out_channels=_even(spec.out_channels * width))
            if isinstance(spec, LinearSpec) and spec is not last:
                return replace(spec, out_features=_even(spec.out_features * width))
            return spec

        return replace(self, layers=tuple(scale(spec) for spec in self.layers))

    def with_torch_lrn(self) -> Architecture:
        """The same network with α divided by n, as ``nn.LocalResponseNorm`` divides the α it is given."""
        return replace(
            self,
            layers=tuple(
                replace(spec, alpha=spec.alpha / spec.size) if isinstance(spec, LrnSpec) else spec
                for spec in self.layers
            ),
        )

    def without(self, name: str) -> Architecture:
        """The same network with one layer left out: an ablation."""
        gone = self.layer(name)
        return replace(self, layers=tuple(spec for spec in self.layers if spec is not gone))

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values, kinds named, for the metadata of a weights file."""
        layers = [{"kind": spec.kind, **asdict(spec)} for spec in self.layers]
        return {
            "name": self.name,
            "channels": self.channels,
            "image_size": self.image_size,
            "layers": layers,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Architecture:
        """The inverse of :meth:`to_dict`.

        Raises:
            ValueError: ``values`` does not describe an architecture.
        """
        try:
            layers = tuple(_spec_from(entry) for entry in values["layers"])
            return cls(
                str(values["name"]), int(values["channels"]), int(values["image_size"]), layers
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not an architecture: {error}") from error

    def _with(self, changed: LayerSpec) -> Architecture:
        layers = tuple(changed if spec.name == changed.name else spec for spec in self.layers)
        return replace(self, layers=layers)

    def _last_linear(self) -> LinearSpec:
        return [spec for spec in self.layers if isinstance(spec, LinearSpec)][-1]


def _even(count: float) -> int:
    return max(2, 2 * round(count / 2))


def _spec_from(entry: Mapping[str, Any]) -> LayerSpec:
    spec = _SPECS[entry["kind"]]
    known = {field.name for field in fields(spec)}
    unknown = set(entry) - known - {"kind"}
    if unknown:
        raise KeyError(f"unknown fields {sorted(unknown)}")
    return spec(**{key: value for key, value in entry.items() if key != "kind"})


def _alexnet(
    *, name: str, channels: int, conv1_padding: int, groups: int, classes: int
) -> Architecture:
    """Section 3.5. Paddings and the strides of conv2–conv5 are not in the text but in the authors' code."""
    return Architecture(
        name=name,
        channels=channels,
        image_size=227,
        layers=(
            ConvSpec("conv1", 96, kernel=11, stride=4, padding=conv1_padding),
            ReluSpec("relu1"),
            LrnSpec("lrn1"),
            PoolSpec("pool1"),
            ConvSpec("conv2", 256, kernel=5, padding=2, groups=groups, paper_bias=1.0),
            ReluSpec("relu2"),
            LrnSpec("lrn2"),
            PoolSpec("pool2"),
            ConvSpec("conv3", 384, kernel=3, padding=1),
            ReluSpec("relu3"),
            ConvSpec("conv4", 384, kernel=3, padding=1, groups=groups, paper_bias=1.0),
            ReluSpec("relu4"),
            ConvSpec("conv5", 256, kernel=3, padding=1, groups=groups, paper_bias=1.0),
            ReluSpec("relu5"),
            PoolSpec("pool5"),
            FlattenSpec("flatten"),
            LinearSpec("fc6", 4096, paper_bias=1.0),
            ReluSpec("relu6"),
            DropoutSpec("drop6"),
            LinearSpec("fc7", 4096, paper_bias=1.0),
            ReluSpec("relu7"),
            DropoutSpec("drop7"),
            LinearSpec("fc8", classes),
        ),
    )


FASHION = _alexnet(name="fashion", channels=1, conv1_padding=2, groups=1, classes=10)
PAPER = _alexnet(name="paper", channels=3, conv1_padding=0, groups=2, classes=1000)
PRESETS: Mapping[str, Architecture] = {"fashion": FASHION, "paper": PAPER}


def preset(name: str) -> Architecture:
    """The preset called ``name``.

    Raises:
        TutorError: there is none of that name.
    """
    if name not in PRESETS:
        raise TutorError(f"There is no preset {name!r}.", f"Presets: {', '.join(PRESETS)}.")
    return PRESETS[name]
