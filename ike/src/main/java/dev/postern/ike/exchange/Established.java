package dev.postern.ike.exchange;

/// Both peers are authenticated; requests go both ways.
record Established() implements IkeSaState {}
