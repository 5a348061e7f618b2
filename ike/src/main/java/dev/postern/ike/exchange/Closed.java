package dev.postern.ike.exchange;

/// Gone from the table; its keys are wiped.
record Closed() implements IkeSaState {}
