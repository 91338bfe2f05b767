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
 * An interceptor that reads the body of an answer into memory, up to a maximum size and time. The timeouts of the HTTP
 * client apply between two packets only, so a very slow or endless body would occupy a thread forever. When a limit is
 * exceeded, the connection is dropped, because closing it normally would first read the rest of the body.
 */
public final class BoundedAnswer implements ExecChainHandler {

    /** A page of 150 offers is about half a megabyte. */
    static final int MAX_BYTES = 8 * 1024 * 1024;

    private final int maxBytes;
    private final Duration maxDuration;

    /** @param maxDuration the longest time that the body may take to arrive */
    public BoundedAnswer(Duration maxDuration) {
        this(MAX_BYTES, maxDuration);
    }

    BoundedAnswer(int maxBytes, Duration maxDuration) {
        this.maxBytes = maxBytes;
        this.maxDuration = maxDuration;
    }

    /** @throws IOException when the connection fails, or when the body is too large or too slow */
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
            if (System.nanoTime() - start > maxDuration.toNanos()) {
                throw new SocketTimeoutException("the answer took longer than " + maxDuration.toMillis() + " ms");
            }
        }
        return body.toByteArray();
    }
}
