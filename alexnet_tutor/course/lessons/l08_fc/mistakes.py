"""The known mistakes of lesson 8. Each is one switch of one wrong function, so that two combine."""

from __future__ import annotations

from functools import partial

from alexnet_tutor.course.exercise import Mistake
from alexnet_tutor.course.lessons.l08_fc.wrong import wrong_flatten, wrong_place

PLACE = (
    Mistake(
        "columns-before-rows",
        "You read a map column by column; the row takes a map row by row: neighbours in a row stay neighbours.",
        (
            "Write a map of two rows and three columns. In which order do you read it?",
            "One step to the right is one place. One step down is a whole row of places.",
            "`row * width + column` within the map.",
        ),
        partial(wrong_place, order="columns first"),
    ),
    Mistake(
        "row-times-height",
        "You count a row as long as the map is high; a row has `width` values. Where maps are square, as in pool5, this does not show.",
        (
            "Take a map of two rows and three columns. At which place does its second row begin?",
            "How many values are in a whole row?",
            "Multiply `row` by `width`.",
        ),
        partial(wrong_place, order="row by height"),
    ),
    Mistake(
        "counted-from-1",
        "You count places from 1; the first value stands at place 0, as map, row and column begin at 0.",
        (
            "What do you give for map 0, row 0, column 0?",
            "A place is how many values stand before it.",
            "Leave out the + 1.",
        ),
        partial(wrong_place, first=1),
    ),
    Mistake(
        "channels-last",
        "In your row all maps' values of one spot stand together, then the next spot: the order of (H, W, C). Here the row goes map by map.",
        (
            "Which value do you have at place 1: column 1 of map 0, or column 0 of map 1?",
            "The last index of (C, H, W) runs fastest. It is the column.",
            "`maps_before` is given already: add to it what stands before the value within its map.",
        ),
        partial(wrong_place, order="channels last"),
    ),
    Mistake(
        "rows-forgotten",
        "You leave the rows out: values of one column in different rows get the same place.",
        (
            "What do you give for rows 0 and 1 of the same column?",
            "Before row 1 stands the whole of row 0.",
            "Add `row * width`.",
        ),
        partial(wrong_place, order="no rows"),
    ),
    Mistake(
        "maps-forgotten",
        "You give the place within the map; before it stand all the maps with smaller numbers.",
        (
            "What do you give for the first value of map 0, and of map 1?",
            "A map has height · width values.",
            "Add `maps_before`.",
        ),
        partial(wrong_place, order="no maps"),
    ),
    Mistake(
        "map-times-channels",
        "You count a map as long as there are maps; a map has height · width values.",
        (
            "Take two maps of 6×6. At which place does the second begin?",
            "How many maps there are does not matter for the place of the second.",
            "`channel * height * width`.",
        ),
        partial(wrong_place, order="map by channels"),
    ),
)
FLATTEN = (
    Mistake(
        "batch-too",
        "You make a single row of the whole batch; every picture keeps a row of its own.",
        (
            "How many rows should a batch of two pictures have?",
            "Axis 0 is the picture. It stays.",
            "`x.reshape(x.shape[0], -1)`, or `x.flatten(1)`: from axis 1 on.",
        ),
        partial(wrong_flatten, form="one row"),
    ),
    Mistake(
        "maps-kept-apart",
        "You join rows and columns and keep the maps as an axis; a unit of fc6 takes in all maps, so they become one row too.",
        (
            "Compare the number of axes you return with the docstring's.",
            "Axes 1, 2 and 3 become one.",
            "`x.flatten(1)`, not `x.flatten(2)`.",
        ),
        partial(wrong_flatten, form="maps kept"),
    ),
    Mistake(
        "channels-last",
        "Your row goes spot by spot, all maps of a spot together; here it goes map by map. Weights learnt in one order mean nothing in the other.",
        (
            "Which value stands at place 1 of your row?",
            "In (N, C, H, W) the columns run fastest, and the row keeps that order.",
            "Leave out the `permute`: `reshape` alone has the right order.",
        ),
        partial(wrong_flatten, order="channels last"),
    ),
    Mistake(
        "columns-before-rows",
        "You read each map column by column; here it goes row by row.",
        (
            "Flatten a map of two rows and three columns. Which value comes second?",
            "Rows and columns keep their order: nothing is transposed.",
            "Leave out the transpose before `reshape`.",
        ),
        partial(wrong_flatten, order="columns first"),
    ),
    Mistake(
        "pictures-mixed",
        "Your shape is right, but the pictures are mixed: you reshape with the wrong axis first and transpose afterwards. A row holds values of several pictures.",
        (
            "Give your function a picture of ones and a picture of twos. What is in row 0?",
            "`reshape` deals values out in memory's order. The picture must be the first axis when it does.",
            "`x.reshape(x.shape[0], -1)`, without a transpose.",
        ),
        partial(wrong_flatten, form="mixed"),
    ),
    Mistake(
        "a-column-per-picture",
        "Your pictures stand in columns; a picture is a row, (N, C·H·W).",
        (
            "Compare the shape you return with the docstring's.",
            "Axis 0 is the picture, before and after.",
            "Leave out the transpose at the end.",
        ),
        partial(wrong_flatten, form="a column per picture"),
    ),
    Mistake(
        "mean-per-map",
        "You take each map's mean, one number per map. Flattening throws nothing away.",
        (
            "How many numbers go in, and how many come out?",
            "C maps of H·W values make C·H·W numbers.",
            "`reshape`, not `mean`.",
        ),
        partial(wrong_flatten, form="mean"),
    ),
)
