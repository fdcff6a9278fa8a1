"""all-MiniLM-L6-v2 from safetensors to GGUF, as llama.cpp's BERT architecture wants it.

The names and keys are those of llama.cpp's `convert_hf_to_gguf.py` (class BertModel).
"""

import json
from pathlib import Path

import gguf
import numpy as np
from safetensors.numpy import load_file

EMBEDDING_TENSORS = {
    "embeddings.word_embeddings.weight": "token_embd.weight",
    "embeddings.position_embeddings.weight": "position_embd.weight",
    "embeddings.token_type_embeddings.weight": "token_types.weight",
    "embeddings.LayerNorm.weight": "token_embd_norm.weight",
    "embeddings.LayerNorm.bias": "token_embd_norm.bias",
}
LAYER_TENSORS = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
SPECIAL_TOKENS = {"[PAD]": "pad", "[UNK]": "unk", "[CLS]": "bos", "[SEP]": "eos", "[MASK]": "mask"}


def convert_minilm(folder: Path, target: Path) -> None:
    """Write `target` from the folder's config.json, vocab.txt and model.safetensors, matrices as 16-bit floats."""
    facts = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    writer = gguf.GGUFWriter(str(target), "bert")
    writer.add_name("all-MiniLM-L6-v2")
    writer.add_license("apache-2.0")
    writer.add_block_count(facts["num_hidden_layers"])
    writer.add_context_length(facts["max_position_embeddings"])
    writer.add_embedding_length(facts["hidden_size"])
    writer.add_feed_forward_length(facts["intermediate_size"])
    writer.add_head_count(facts["num_attention_heads"])
    writer.add_layer_norm_eps(facts["layer_norm_eps"])
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    _add_vocabulary(writer, folder / "vocab.txt", facts["type_vocab_size"])
    _add_tensors(writer, folder / "model.safetensors", facts["num_hidden_layers"])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_vocabulary(writer: gguf.GGUFWriter, vocabulary: Path, token_types: int) -> None:
    words = vocabulary.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    writer.add_token_type_count(token_types)
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([_gguf_word(word) for word in words])
    writer.add_token_types([_token_type(word) for word in words])
    ids = {name: words.index(word) for word, name in SPECIAL_TOKENS.items()}
    writer.add_pad_token_id(ids["pad"])
    writer.add_unk_token_id(ids["unk"])
    writer.add_bos_token_id(ids["bos"])
    writer.add_eos_token_id(ids["eos"])
    writer.add_sep_token_id(ids["eos"])
    writer.add_mask_token_id(ids["mask"])


def _gguf_word(word: str) -> str:
    """WordPiece marks what continues a word ("##ing"); llama.cpp wants what begins one marked ("▁play")."""
    if word.startswith("[") and word.endswith("]"):
        return word
    return word[2:] if word.startswith("##") else "\u2581" + word


def _token_type(word: str) -> int:
    if word == "[UNK]":
        return int(gguf.TokenType.UNKNOWN)
    return int(gguf.TokenType.CONTROL if word in SPECIAL_TOKENS else gguf.TokenType.NORMAL)


def _add_tensors(writer: gguf.GGUFWriter, weights: Path, layers: int) -> None:
    names = dict(EMBEDDING_TENSORS)
    for layer in range(layers):
        for theirs, ours in LAYER_TENSORS.items():
            for part in ("weight", "bias"):
                names[f"encoder.layer.{layer}.{theirs}.{part}"] = f"blk.{layer}.{ours}.{part}"
    tensors = load_file(weights)
    for theirs, ours in names.items():
        # Position and type embeddings, norms and biases stay 32-bit: llama.cpp adds them without a conversion.
        half = tensors[theirs].ndim == 2 and ours.startswith(("blk.", "token_embd."))
        writer.add_tensor(ours, tensors[theirs].astype(np.float16 if half else np.float32))
