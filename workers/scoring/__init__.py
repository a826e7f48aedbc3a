"""The scorecards of drafts and refinements: the checks of `imaging.measures` under the rules of `routing.scoring`."""
