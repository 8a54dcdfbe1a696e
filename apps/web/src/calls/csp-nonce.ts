/** The player keeps a style sheet inside its shadow tree; this page's answer named the nonce that lets it in. */
export const cspNonce = () => document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content;
