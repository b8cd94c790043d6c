"""Batch normalization and its relatives, built twice: in plain NumPy and as PyTorch modules.

The package is small rooms on clear floors. A room may import from the floors below, never from
above:

- ``bncourse.scratch`` needs NumPy alone;
- ``bncourse.data`` carries digits and a text, and stands on the checks of ``bncourse.scratch``;
- ``bncourse.nn`` is a drop-in for the normalization layers of ``torch.nn``;
- ``bncourse.distributed`` is batch norm over many processes, on the kernel of ``bncourse.nn``;
- ``bncourse.inference`` folds batch norm into the layers beside it, and compares the outputs;
- ``bncourse.finetuning`` freezes batch norm, says what moves under half-measures, and takes norms
  from Keras to PyTorch or back;
- ``bncourse.population`` recomputes running statistics over the whole training set;
- ``bncourse.troubleshooting`` finds out why a PyTorch network of yours is good in training and poor
  in evaluation;
- ``bncourse.evidence`` says what is run, holds what came out, and finds it again where it is
  stored, without PyTorch;
- ``bncourse.experiments`` trains many networks at once, in PyTorch, where a result is not stored;
- ``bncourse.exercises`` checks answers and says what was misunderstood; those to NumPy exercises
  need no PyTorch;
- ``bncourse.statistics`` makes estimates with intervals, ``bncourse.claims`` states claims on them,
  and ``bncourse.plots`` draws them: these three need no PyTorch;
- ``bncourse.drawings`` makes the pictures that show an idea and no data, with NumPy alone.

``scratch`` and ``nn`` agree because tests prove it, not because one imports the other. Importing
``bncourse`` imports no room.

Shapes are written with these letters, in every docstring of the package:

- ``N``: samples in a batch;
- ``C``: channels (features, where there are no spatial axes);
- ``H``, ``W``: height and width of an image;
- ``*S``: any number of spatial axes, also none: ``(N, C, *S)`` is ``(N, C)`` or ``(N, C, H, W)``;
- ``*D``: the trailing block of axes that layer and RMS norm pool, often a single one;
- ``G``: groups of channels.

A *pool* is the set of elements that share one mean and one variance.
"""

__version__ = "0.1.0"
