"""replaying: what is kept, from a laptop: sent again, shown, explained; in AWS, or in the data folder of a server.

The work is `raygate.replay`'s, as in the function. Here is where it finds its stores, and how it speaks to a person.
"""
