"""One module for each form in which a report can be had; each renders the report's JSON body."""
