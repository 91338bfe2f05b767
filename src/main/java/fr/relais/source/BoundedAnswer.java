package fr.relais.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * Reads the body of an answer into memory, within a size and a time. A client's own timeouts are between two packets, so a body that
 * comes in drips, or never ends, would keep a thread for ever; and to close such a body politely is to read it to its end.
 */
public final class BoundedAnswer implements ExecChainHandler {

    /** A page of 150 offers is about half a megabyte. */
    static final int MAX_BYTES = 8 * 1024 * 1024;

    private final int maxBytes;
    private final Duration longest;

    /** @param longest the time that the body may take to arrive */
    public BoundedAnswer(Duration longest) {
        this(MAX_BYTES, longest);
    }

    BoundedAnswer(int maxBytes, Duration longest) {
        this.maxBytes = maxBytes;
        this.longest = longest;
    }

    /** @throws IOException also when the body is too large or too slow; its connection is then dropped */
    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ClassicHttpResponse answer = chain.proceed(request, scope);
        HttpEntity entity = answer.getEntity();
        if (entity != null) {
            try {
                byte[] body = read(entity.getContent());
                answer.setEntity(new ByteArrayEntity(body, ContentType.parseLenient(entity.getContentType())));
            } catch (IOException e) {
                scope.execRuntime.discardEndpoint();
                throw e;
            }
        }
        return answer;
    }

    private byte[] read(InputStream in) throws IOException {
        long start = System.nanoTime();
        ByteArrayOutputStream body = new ByteArrayOutputStream(64 * 1024);
        byte[] buffer = new byte[16 * 1024];
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            body.write(buffer, 0, length);
            if (body.size() > maxBytes) {
                throw new IOException("the answer is larger than " + maxBytes + " bytes");
            }
            if (System.nanoTime() - start > longest.toNanos()) {
                throw new SocketTimeoutException("the answer took longer than " + longest.toMillis() + " ms");
            }
        }
        return body.toByteArray();
    }
}
