"""Every measurement, one after another: `make bench`. Each prints ratios against a named peer in the same run."""

from benchmarks import backtest, classification, extraction, fetch_cycle, search, stories

for measurement in (fetch_cycle, extraction, classification, backtest, search, stories):
    print(f"\n== {measurement.__name__}")
    measurement.main()
