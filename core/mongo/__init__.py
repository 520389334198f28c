"""Customer documents out of MongoDB, in any form they are found."""
