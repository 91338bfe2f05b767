package fr.relais;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.ssl.SSLContexts;

/**
 * The HTTP connections to the source. They never log headers or bodies, because these contain secrets, tokens and
 * offers (licence, article 7).
 */
final class UnloggedConnections {

    /** The maximum number of connections. The throttle and relais.source.concurrency allow far fewer. */
    private static final int MAX_CONNECTIONS = 100;

    private UnloggedConnections() {}

    /** Returns a new pool of connections. Its TLS settings are those of Camel's component https. */
    static HttpClientConnectionManager of(CamelContext camel) {
        HttpComponent https = camel.getComponent("https", HttpComponent.class);
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setConnectionFactory(socket -> new UnloggedConnection())
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(
                        sslContext(camel, https),
                        https.getHostnameVerificationPolicy(),
                        https.getX509HostnameVerifier()))
                .setMaxConnTotal(MAX_CONNECTIONS)
                .setMaxConnPerRoute(MAX_CONNECTIONS)
                .build();
    }

    private static SSLContext sslContext(CamelContext camel, HttpComponent https) {
        SSLContextParameters parameters = https.getSslContextParameters();
        if (parameters == null && https.isUseGlobalSslContextParameters()) {
            parameters = camel.getSSLContextParameters();
        }
        try {
            return parameters == null ? SSLContexts.createDefault() : parameters.createSSLContext(camel);
        } catch (GeneralSecurityException | IOException e) {
            throw new RuntimeCamelException("the TLS settings of the component https cannot be used", e);
        }
    }

    private static final class UnloggedConnection extends DefaultManagedHttpClientConnection {

        private UnloggedConnection() {
            super("relais");
        }

        @Override
        public void bind(Socket socket) throws IOException {
            bind(new SocketHolder(socket));
        }

        @Override
        public void bind(SSLSocket sslSocket, Socket socket) throws IOException {
            bind(new SocketHolder(sslSocket, socket));
        }

        @Override
        protected void onRequestSubmitted(ClassicHttpRequest request) {
            // Not logged.
        }

        @Override
        protected void onResponseReceived(ClassicHttpResponse response) {
            // Not logged.
        }
    }
}
