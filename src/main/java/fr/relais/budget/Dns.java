package fr.relais.budget;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Look-ups in the domain name system. A look-up blocks until the network answers. */
public interface Dns {

    /**
     * Returns the name of an address, in upper or lower case and possibly with a dot at the end. The owner of an
     * address can claim any name.
     */
    String name(InetAddress address) throws UnknownHostException;

    /** Returns the addresses of a name. */
    List<InetAddress> addresses(String name) throws UnknownHostException;

    /** Returns the look-ups of the JVM. */
    static Dns system() {
        return new Dns() {
            @Override
            public String name(InetAddress address) throws UnknownHostException {
                // Looks up a copy, because an InetAddress caches its name.
                return InetAddress.getByAddress(address.getAddress()).getCanonicalHostName();
            }

            @Override
            public List<InetAddress> addresses(String name) throws UnknownHostException {
                return List.of(InetAddress.getAllByName(name));
            }
        };
    }
}
