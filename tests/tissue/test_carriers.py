"""Carriers of a population: equal shares, names that tell them apart."""

from __future__ import annotations

import numpy as np
import pytest

from exocosm.model import Set, load
from exocosm.tissue.carriers import carriers_of


def bins(spread, number):
    path = "species.vesicles.tumour"
    return carriers_of(
        load("two-cells").change(
            Set(f"{path}.size_bins", number), Set(f"{path}.diameter.geometric_sd", str(spread))
        )
    )


@pytest.mark.parametrize(("spread", "number"), [(1.4, 3), (1.1, 5)])
def test_bins_have_equal_shares_names_of_their_own_and_the_median_in_the_middle(spread, number):
    found = bins(spread, number)
    assert len({carrier.name for carrier in found}) == number
    assert sum(carrier.share for carrier in found) == pytest.approx(1.0)
    diameters = [carrier.diameter for carrier in found]
    assert diameters == sorted(diameters)
    assert np.exp(np.mean(np.log(diameters))) == pytest.approx(0.0775)


def test_a_population_without_bins_is_one_carrier_of_its_name():
    assert [carrier.name for carrier in carriers_of(load("two-cells"))] == ["tumour"]
