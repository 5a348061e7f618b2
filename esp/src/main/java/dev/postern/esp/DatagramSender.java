package dev.postern.esp;

/// Where sealed datagrams go. Called by the sealer's thread.
@FunctionalInterface
public interface DatagramSender {
    /// Sends all trains of `batch`; the batch is empty again when this returns.
    void send(OutgoingBatch batch);
}
