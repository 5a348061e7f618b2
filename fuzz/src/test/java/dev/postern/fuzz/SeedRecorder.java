package dev.postern.fuzz;

import dev.postern.ike.sa.ResumableSession;
import dev.postern.ticket.Session;
import dev.postern.ticket.TicketFormat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Writes the seeds: messages, a ticket and a session record of exchanges between two endpoints,
/// the example configurations, and programs for [EndpointFuzz]. The same seeds come out each time.
/// Run it in the directory of this module.
public final class SeedRecorder {
    private static final Path RESOURCES = Path.of("src/test/resources");

    private SeedRecorder() {}

    public static void main(String[] arguments) throws IOException {
        EndpointNeighbourhood world = new EndpointNeighbourhood();
        world.initiate();
        settle(world);
        int rekeying = 1;
        world.act(rekeying);
        settle(world);
        world.resume();
        settle(world);
        List<byte[]> messages = world.transcript();
        for (int i = 0; i < messages.size(); i++) {
            write(MessageFuzz.class, "aMessage", "exchange-%02d".formatted(i), messages.get(i));
        }
        ResumableSession session = world.session();
        if (session == null) {
            throw new IllegalStateException("the gateway gave no ticket");
        }
        write(TicketFuzz.class, "aSessionRecord", "session", withKind(session));
        Path examples = Path.of("../examples");
        byte[] gateway = Files.readAllBytes(examples.resolve("gateway.toml"));
        byte[] client = Files.readAllBytes(examples.resolve("client.toml"));
        write(ConfigurationFuzz.class, "aGateway", "example", gateway);
        write(ConfigurationFuzz.class, "aClient", "example", client);
        writePrograms();
    }

    /// A handshake, then a rekey, a resume, a replay, a change in each message, and garbage.
    private static void writePrograms() throws IOException {
        byte[] handshake = {11, 0, 0, 14, 0, 0, 0};
        program("handshake", handshake);
        program("rekey", handshake, new byte[] {13, 1, 0, 0, 0, 0});
        program("resume", handshake, new byte[] {12, 0, 14, 0, 0, 0, 0});
        program("replay", handshake, new byte[] {12, 6, 0, 6, 0, 14, 0, 0, 0});
        program("late", new byte[] {11, 10, 40, 0, 10, 40, 0, 14, 2, 14, 2});
        program("changed", new byte[] {11, 7, 0, 40, 7, 0, 90, 0, 7, 0, 30, 0, 14, 0, 0});
        program("parked", handshake, new byte[] {13, 5, 0, 0, 12, 0, 14, 0, 0});
    }

    private static void program(String name, byte[]... parts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        write(EndpointFuzz.class, "anySequence", name, out.toByteArray());
    }

    private static void settle(EndpointNeighbourhood world) {
        for (int i = 0; i < 40; i++) {
            world.deliver(0);
            world.answer(0);
        }
    }

    private static byte[] withKind(ResumableSession session) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(session.session().kind() == Session.Kind.ONE_ROUND_TRIP ? 0 : 1);
        out.writeBytes(TicketFormat.encode(session.session()));
        return out.toByteArray();
    }

    private static void write(Class<?> type, String method, String name, byte[] octets)
            throws IOException {
        Path inputs = new FuzzTarget(type.getName(), method).inputs(RESOURCES);
        Files.createDirectories(inputs);
        Files.write(inputs.resolve(name), octets);
    }
}
