"""Plain facts that cross rooms: frozen, without torch. Arrays are NumPy."""

from alexnet_tutor.records.evaluation import ClassRecord, EvaluationRecord, JudgedPicture
from alexnet_tutor.records.model import (
    FASHION_LABELS,
    FASHION_PREPARATION,
    PAPER_PREPARATION,
    ModelFacts,
    Preparation,
)
from alexnet_tutor.records.trace import ImageFacts, LayerRecord, Prediction, TraceRecord
from alexnet_tutor.records.training import (
    EpochRecord,
    NoticeRecord,
    ProgressRecord,
    RunEndRecord,
    RunRecord,
    SavedRecord,
)

__all__ = [
    "FASHION_LABELS",
    "FASHION_PREPARATION",
    "PAPER_PREPARATION",
    "ClassRecord",
    "EpochRecord",
    "EvaluationRecord",
    "ImageFacts",
    "JudgedPicture",
    "LayerRecord",
    "ModelFacts",
    "NoticeRecord",
    "Prediction",
    "Preparation",
    "ProgressRecord",
    "RunEndRecord",
    "RunRecord",
    "SavedRecord",
    "TraceRecord",
]
