package dev.postern.grid;

import org.infinispan.remoting.transport.jgroups.JGroupsChannelConfigurator;
import org.jgroups.JChannel;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.util.SocketFactory;

import java.util.List;

import javax.sql.DataSource;

/// Hands the engine the channel that we have made, in place of one of its own stacks.
final class OneChannel implements JGroupsChannelConfigurator {
    private final JChannel channel;

    OneChannel(JChannel channel) {
        this.channel = channel;
    }

    @Override
    public String getName() {
        return "postern";
    }

    @Override
    public JChannel createChannel(String name) {
        return channel;
    }

    @Override
    public void setSocketFactory(SocketFactory factory) {
        throw new IllegalStateException("the channel has its sockets from MemberTls alone");
    }

    @Override
    public void setDataSource(DataSource source) {
        throw new IllegalStateException("there is no database");
    }

    @Override
    public String getProtocolStackString() {
        return channel.printProtocolSpec(true);
    }

    @Override
    public List<ProtocolConfiguration> getProtocolStack() {
        return List.of();
    }
}
