"""The service: pulls all day, consolidates every night, and tells how it stands."""
