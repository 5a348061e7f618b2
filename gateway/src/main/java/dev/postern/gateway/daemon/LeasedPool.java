package dev.postern.gateway.daemon;

import dev.postern.cluster.PoolLeases;
import dev.postern.cluster.Shares.Range;
import dev.postern.gateway.configuration.AddressRange;
import dev.postern.gateway.configuration.Pool;

/// A pool of the configuration, and who has its addresses.
record LeasedPool(Pool pool, PoolLeases leases) {
    static LeasedPool of(Pool pool) {
        AddressRange all = AddressRange.of(pool.addresses());
        return new LeasedPool(pool, new PoolLeases(range(all), range(pool.assign())));
    }

    static Range range(AddressRange range) {
        return new Range(range.first(), range.last());
    }

    boolean isIpv4() {
        return pool.addresses().isIpv4();
    }
}
