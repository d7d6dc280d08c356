"""Plain facts that cross rooms: frozen, without torch. Arrays are NumPy."""

from alexnet_tutor.records.bench import BenchProgress, BenchRecord, Timing
from alexnet_tutor.records.compression import (
    CompressedLayer,
    CompressionRecord,
    CompressionStep,
)
from alexnet_tutor.records.course import (
    TROUBLES,
    Counterexample,
    Diagnosis,
    ExerciseRecord,
    LessonRecord,
    Outcome,
    Trouble,
)
from alexnet_tutor.records.evaluation import ClassRecord, EvaluationRecord, JudgedPicture
from alexnet_tutor.records.model import (
    FASHION_LABELS,
    FASHION_PREPARATION,
    PAPER_PREPARATION,
    ModelFacts,
    Preparation,
    preparation_of,
)
from alexnet_tutor.records.trace import ImageFacts, LayerRecord, Prediction, TraceRecord
from alexnet_tutor.records.training import (
    Augment,
    EpochRecord,
    Init,
    JudgingRecord,
    Lrn,
    NoticeRecord,
    ProgressRecord,
    RunEndRecord,
    RunRecord,
    SavedRecord,
    TrainingRecord,
    best_epoch,
)

__all__ = [
    "FASHION_LABELS",
    "FASHION_PREPARATION",
    "PAPER_PREPARATION",
    "TROUBLES",
    "Augment",
    "BenchProgress",
    "BenchRecord",
    "ClassRecord",
    "CompressedLayer",
    "CompressionRecord",
    "CompressionStep",
    "Counterexample",
    "Diagnosis",
    "EpochRecord",
    "EvaluationRecord",
    "ExerciseRecord",
    "ImageFacts",
    "Init",
    "JudgedPicture",
    "JudgingRecord",
    "LayerRecord",
    "LessonRecord",
    "Lrn",
    "ModelFacts",
    "NoticeRecord",
    "Outcome",
    "Prediction",
    "Preparation",
    "ProgressRecord",
    "RunEndRecord",
    "RunRecord",
    "SavedRecord",
    "Timing",
    "TraceRecord",
    "TrainingRecord",
    "Trouble",
    "best_epoch",
    "preparation_of",
]
