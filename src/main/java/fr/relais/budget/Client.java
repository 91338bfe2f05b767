package fr.relais.budget;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A client that has a budget of its own: the holder of an API key, or all addresses that share the first 24 bits (IPv4)
 * or the first 48 bits (IPv6). An instance lives as long as the request; only pseudonyms of the client are kept.
 */
public final class Client {

    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    // InetAddress would look up any other text in the DNS.
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:][0-9A-Fa-f:.]*");

    private static final Pattern PORT = Pattern.compile("^\\[([^]]*)](?::\\d+)?$|^([^:]*):\\d+$");

    private final byte[] identity;
    private final InetAddress address;
    private final boolean hasKey;

    private Client(byte[] identity, InetAddress address, boolean hasKey) {
        this.identity = identity;
        this.address = address;
        this.hasKey = hasKey;
    }

    /** Returns the holder of the API key of this name. */
    public static Client ofKey(String name) {
        return new Client(("key " + name).getBytes(StandardCharsets.UTF_8), null, true);
    }

    /**
     * Returns the client at an address.
     *
     * @param address the address as the servlet container reports it; null and all texts that are not an address count
     *     as one client
     */
    public static Client at(String address) {
        InetAddress parsed = parse(address);
        if (parsed == null) {
            return new Client(new byte[] {0}, null, false);
        }
        byte[] bytes = parsed.getAddress();
        boolean isIpv4 = parsed instanceof Inet4Address;
        byte[] identity = new byte[isIpv4 ? 4 : 7];
        identity[0] = (byte) (isIpv4 ? 4 : 6);
        System.arraycopy(bytes, 0, identity, 1, identity.length - 1);
        return new Client(identity, parsed, false);
    }

    private static InetAddress parse(String text) {
        if (text == null) {
            return null;
        }
        // Some proxies append the port, and then put an IPv6 address in brackets. The zone of an address is ignored.
        String literal = PORT.matcher(text).replaceFirst("$1$2").replaceFirst("%.*", "");
        boolean isIpv6 = literal.indexOf(':') >= 0;
        try {
            if (isIpv6 && IPV6.matcher(literal).matches()) {
                // An IPv4-mapped address becomes an IPv4 address.
                return InetAddress.getByName(literal);
            }
            var parts = IPV4.matcher(literal);
            if (isIpv6 || !parts.matches()) {
                return null;
            }
            byte[] bytes = new byte[4];
            for (int i = 0; i < 4; i++) {
                int part = Integer.parseInt(parts.group(i + 1));
                if (part > 255) {
                    return null;
                }
                bytes[i] = (byte) part;
            }
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    boolean hasKey() {
        return hasKey;
    }

    /** Returns the prefix of the address or the name of the key, which identifies the client. */
    byte[] identity() {
        return identity;
    }

    /** Returns the whole address; empty when the client has a key or its address is not valid. */
    Optional<InetAddress> address() {
        return Optional.ofNullable(address);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Client client && Arrays.equals(identity, client.identity);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(identity);
    }

    /** Returns a text that does not identify the client, because it may be logged. */
    @Override
    public String toString() {
        return hasKey ? "a client with a key" : "a client";
    }
}
