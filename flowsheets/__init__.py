"""The shipped routes: folders of data that `noxplant.routes` finds and loads by path."""
