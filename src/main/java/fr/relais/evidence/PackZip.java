package fr.relais.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

/** A zip file whose bytes depend only on the names and contents of its files. Its last file has the hashes of all. */
final class PackZip {

    /** The earliest time that the format can represent. It stands for every file. */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final MessageDigest sha256 = DigestUtils.getSha256Digest();
    private final StringBuilder sums = new StringBuilder();
    private final ZipOutputStream zip;
    private String name;

    PackZip(OutputStream out) {
        zip = new ZipOutputStream(out, UTF_8);
    }

    /** Begins a file. The file ends when the next one begins. */
    void begin(String name) throws IOException {
        end();
        this.name = name;
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(NO_TIME);
        zip.putNextEntry(entry);
    }

    void write(String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        sha256.update(bytes);
        zip.write(bytes);
    }

    void add(String name, String text) throws IOException {
        begin(name);
        write(text);
    }

    private void end() throws IOException {
        if (name != null) {
            zip.closeEntry();
            sums.append(Hex.encodeHexString(sha256.digest()))
                    .append("  ")
                    .append(name)
                    .append('\n');
            name = null;
        }
    }

    /** Adds {@code SHA256SUMS}, in the format of {@code sha256sum}, and completes the zip file. */
    void finish() throws IOException {
        end();
        add("SHA256SUMS", sums.toString());
        end();
        zip.finish();
    }
}
