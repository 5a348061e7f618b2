package dev.postern.grid;

/// How many entries of each kind stand in a member's process. In by-value mode all of them are zero
/// but where an address has left its gateway's share.
///
/// @param sessions sessions by reference
/// @param notes of who owns what: shared addresses, addresses that have left their share
/// @param standby records of hot standby, and their counters
public record Holdings(int sessions, int notes, int standby) {}
